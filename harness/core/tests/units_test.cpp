#include "harness/core/units.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

TEST(ParseBytes, KnowsPowersOf1024AndOf1000) {
    EXPECT_EQ(parse_bytes("64").value(), 64);
    EXPECT_EQ(parse_bytes("64 B").value(), 64);
    EXPECT_EQ(parse_bytes("4 KiB").value(), 4096);
    EXPECT_EQ(parse_bytes("16 GiB").value(), 16LL << 30);
    EXPECT_EQ(parse_bytes("1.5 TiB").value(), 3LL << 39);
    EXPECT_EQ(parse_bytes("1 kB").value(), 1000);
    EXPECT_EQ(parse_bytes("1 MB").value(), 1'000'000);
    EXPECT_EQ(parse_bytes("  2 GB ").value(), 2'000'000'000);
    EXPECT_EQ(parse_bytes("4KiB").value(), 4096);
    EXPECT_EQ(parse_bytes("0").value(), 0);
}

TEST(ParseBytes, RefusesWhatIsNotAWholeNumberOfBytesThatFits) {
    for (const char* text :
         {"", "KiB", "-4 KiB", "4 kib", "4 KB", "4 XiB", "0.3 B", "1.2.3 MB", "1e3", "0x10", "4. KiB", ".5 KiB",
          "9223372036854775808", "8388608 TiB", "0.1234567 TiB", "4 Ki B", "inf", "nan"}) {
        const auto parsed = parse_bytes(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::usage) << text;
        EXPECT_THAT(parsed.error().fix, HasSubstr("16 GiB")) << text;
    }
    EXPECT_EQ(parse_bytes("9223372036854775807").value(), std::numeric_limits<std::int64_t>::max());
}

TEST(ParseBytes, SaysWhatIsWrongAndWhichUnitsWouldDo) {
    const Error error = parse_bytes("4 KB").error();
    EXPECT_EQ(error.what, "'4 KB' has an unknown unit 'KB'");
    EXPECT_EQ(
        error.fix,
        "Write a number and a unit, for instance \"16 GiB\"; units are B, KiB, MiB, GiB, TiB (powers of 1024) and "
        "kB, MB, GB, TB (powers of 1000).");
}

TEST(ParseDuration, GivesNanoseconds) {
    EXPECT_EQ(parse_duration("100 ns").value(), 100);
    EXPECT_EQ(parse_duration("5 us").value(), 5'000);
    EXPECT_EQ(parse_duration("2 ms").value(), 2'000'000);
    EXPECT_EQ(parse_duration("0.5 s").value(), 500'000'000);
    EXPECT_EQ(parse_duration("3 min").value(), 180'000'000'000);
    EXPECT_EQ(parse_duration("1 h").value(), 3'600'000'000'000);
    EXPECT_EQ(parse_duration("0.10 s").value(), 100'000'000);
}

TEST(ParseClock, NeedsAUnitAndIsWholeMegahertz) {
    EXPECT_EQ(parse_clock("1230 MHz").value(), 1'230);
    EXPECT_EQ(parse_clock("1.23 GHz").value(), 1'230);
    EXPECT_EQ(parse_clock("1230").error().what, "'1230' has no unit");
    EXPECT_EQ(parse_clock("0.5 MHz").error().what, "'0.5 MHz' is not a whole number of MHz, or too large");
    EXPECT_EQ(parse_clock("fast").error().what, "'fast' is not a clock: it does not begin with a number");
}

TEST(ParseDuration, WantsAUnitAndWholeNanoseconds) {
    EXPECT_EQ(parse_duration("5").error().what, "'5' has no unit");
    EXPECT_EQ(parse_duration("0.5 ns").error().what, "'0.5 ns' is not a whole number of nanoseconds, or too large");
    EXPECT_EQ(parse_duration("soon").error().what, "'soon' is not a duration: it does not begin with a number");
    EXPECT_FALSE(parse_duration("9999999999 h").has_value());
}

TEST(ParsePercent, IsTheNearestDoubleOfTheFraction) {
    EXPECT_EQ(parse_percent("3 %").value(), 0.03);
    EXPECT_EQ(parse_percent("0.5 %").value(), 0.005);
    EXPECT_EQ(parse_percent("0.3 %").value(), 0.003);
    EXPECT_EQ(parse_percent("100%").value(), 1.0);
}

TEST(ParsePercent, WantsTheSign) {
    for (const char* text : {"3", "", "%", "-3 %", "3 percent", "3 % %"}) {
        ASSERT_FALSE(parse_percent(text).has_value()) << text;
    }
    EXPECT_EQ(parse_percent("3").error().what, "'3' is not a percentage");
    EXPECT_EQ(parse_percent("3").error().fix, "Write a number and the sign %, for instance \"3 %\".");
}

TEST(ParseUnits, ShowOnlyTheBeginOfALongText) {
    EXPECT_LT(parse_bytes(std::string(10'000, 'x')).error().what.size(), 200U);
}

TEST(FormatBytes, IsEvenWhereItDividesAndElseHasThreeDigits) {
    EXPECT_EQ(format_bytes(0), "0 B");
    EXPECT_EQ(format_bytes(512), "512 B");
    EXPECT_EQ(format_bytes(4096), "4 KiB");
    EXPECT_EQ(format_bytes(1500), "1.46 KiB");
    EXPECT_EQ(format_bytes(64LL << 20), "64 MiB");
    EXPECT_EQ(format_bytes(1LL << 40), "1 TiB");
    EXPECT_EQ(format_bytes(-4096), "-4 KiB");
}

TEST(FormatBytes, ComesBackThroughTheParserWhereItIsEven) {
    for (int bit = 0; bit < 44; ++bit) {
        const std::int64_t bytes = std::int64_t{1} << bit;
        EXPECT_EQ(parse_bytes(format_bytes(bytes)).value(), bytes) << bit;
    }
}

TEST(FormatDuration, HasThreeDigitsAndTheFittingUnit) {
    EXPECT_EQ(format_duration(0), "0 ns");
    EXPECT_EQ(format_duration(0.25), "0.25 ns");
    EXPECT_EQ(format_duration(23.4), "23.4 ns");
    EXPECT_EQ(format_duration(1250), "1.25 us");
    EXPECT_EQ(format_duration(1'234'567), "1.23 ms");
    EXPECT_EQ(format_duration(999'960'000), "1.00 s");
    EXPECT_EQ(format_duration(90e9), "90.0 s");
    EXPECT_EQ(format_duration(180e9), "3.00 min");
    EXPECT_EQ(format_duration(7200e9), "2.00 h");
    EXPECT_EQ(format_duration(-1250), "-1.25 us");
}

TEST(FormatValue, TakesRatesWithSiPrefixesAndLeavesCountsAlone) {
    EXPECT_EQ(format_value(4.1e10, "B/s"), "41.0 GB/s");
    EXPECT_EQ(format_value(1250.0, "ns"), "1.25 us");
    EXPECT_EQ(format_value(5.46e11, "FLOP/s"), "546 GFLOP/s");
    EXPECT_EQ(format_value(12, "1/s"), "12.0 1/s");
    EXPECT_EQ(format_value(12, ""), "12");
    EXPECT_EQ(format_value(1.875, ""), "1.88");
    EXPECT_EQ(format_value(4096, "B"), "4 KiB");
}

TEST(FormatPercent, HasOneDecimalAndASignOnlyBelowZero) {
    EXPECT_EQ(format_percent(0.0312), "3.1 %");
    EXPECT_EQ(format_percent(-0.012), "-1.2 %");
    EXPECT_EQ(format_percent(-0.0001), "0.0 %");
    EXPECT_EQ(format_percent(1), "100.0 %");
}

TEST(Format, HasNoWordForWhatIsNotANumber) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(format_duration(nan), "-");
    EXPECT_EQ(format_value(infinity, "B/s"), "-");
    EXPECT_EQ(format_percent(nan), "-");
}

}  // namespace
}  // namespace passbench
