#include "harness/core/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>
#include <system_error>

namespace passbench {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t scale;
};

constexpr std::array<Unit, 10> byte_units = {{{"", 1},
                                              {"B", 1},
                                              {"kB", 1'000},
                                              {"MB", 1'000'000},
                                              {"GB", 1'000'000'000},
                                              {"TB", 1'000'000'000'000},
                                              {"KiB", 1LL << 10},
                                              {"MiB", 1LL << 20},
                                              {"GiB", 1LL << 30},
                                              {"TiB", 1LL << 40}}};
constexpr std::array<Unit, 6> duration_units = {{{"ns", 1},
                                                 {"us", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"min", 60'000'000'000},
                                                 {"h", 3'600'000'000'000}}};

constexpr std::array<Unit, 2> clock_units = {{{"MHz", 1}, {"GHz", 1'000}}};

// More digits behind the point would overflow int64 with the largest units.
constexpr std::size_t max_fraction_digits = 6;

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "1.5 GiB" -> {"1", "5", "GiB"}; nothing where it does not begin with a plain decimal number.
struct Written {
    std::string_view whole;
    std::string_view fraction;
    std::string_view number;  // both, as written
    std::string_view unit;
};

std::size_t count_digits(std::string_view text) {
    const std::size_t end = text.find_first_not_of("0123456789");
    return end == std::string_view::npos ? text.size() : end;
}

std::optional<Written> split(std::string_view text) {
    text = without_blanks(text);
    Written written{.whole = text.substr(0, count_digits(text)), .fraction = {}, .number = {}, .unit = {}};
    if (written.whole.empty()) return std::nullopt;
    std::size_t end = written.whole.size();
    if (end < text.size() && text[end] == '.') {
        written.fraction = text.substr(end + 1, count_digits(text.substr(end + 1)));
        if (written.fraction.empty()) return std::nullopt;
        end += 1 + written.fraction.size();
    }
    written.number = text.substr(0, end);
    written.unit = without_blanks(text.substr(end));
    return written;
}

/// number x scale, or nothing where that is not a whole number that fits.
std::optional<std::int64_t> exact_product(const Written& written, std::int64_t scale) {
    std::int64_t whole = 0;
    const auto parsed = std::from_chars(written.whole.data(), written.whole.data() + written.whole.size(), whole);
    if (parsed.ec != std::errc{}) return std::nullopt;
    std::int64_t result = 0;
    if (__builtin_mul_overflow(whole, scale, &result)) return std::nullopt;

    std::string_view digits = written.fraction;
    while (!digits.empty() && digits.back() == '0') digits.remove_suffix(1);
    if (digits.size() > max_fraction_digits) return std::nullopt;
    std::int64_t divisor = 1;
    std::int64_t numerator = 0;
    for (const char digit : digits) {
        divisor *= 10;
        numerator = numerator * 10 + (digit - '0');
    }
    numerator *= scale;
    if (numerator % divisor != 0) return std::nullopt;
    if (__builtin_add_overflow(result, numerator / divisor, &result)) return std::nullopt;
    return result;
}

/// The text as messages show it, cut where it is long.
std::string quoted(std::string_view text) {
    std::string result = "'";
    result.append(text.substr(0, 64));
    result += '\'';
    return result;
}

/// What is asked for, e.g. "a size", with an example, for messages.
struct Quantity {
    std::string_view kind;
    std::string_view example;
    std::string_view base;  // the unit that a whole number of is needed
    std::string_view unit_names;
};

Result<std::int64_t> parse_quantity(std::string_view text, std::span<const Unit> units, const Quantity& quantity) {
    const std::string fix = "Write a number and a unit, for instance \"" + std::string(quantity.example) +
                            "\"; units are " + std::string(quantity.unit_names) + ".";
    const std::optional<Written> written = split(text);
    if (!written) {
        return fail(
            {.code = ErrorCode::usage,
             .what = quoted(text) + " is not " + std::string(quantity.kind) + ": it does not begin with a number",
             .fix = fix});
    }
    for (const Unit& unit : units) {
        if (unit.name != written->unit) continue;
        if (const auto product = exact_product(*written, unit.scale)) return *product;
        return fail(
            {.code = ErrorCode::usage,
             .what = quoted(text) + " is not a whole number of " + std::string(quantity.base) + ", or too large",
             .fix = fix});
    }
    const std::string problem =
        written->unit.empty() ? " has no unit" : " has an unknown unit " + quoted(written->unit);
    return fail({.code = ErrorCode::usage, .what = quoted(text) + problem, .fix = fix});
}

/// Three significant digits without an exponent: 1.23, 12.3, 123.
std::string three_digits(double value) {
    const double size = std::fabs(value);
    // The limits are where rounding moves a value into the next column of digits.
    const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    std::array<char, 400> text{};
    if (size > 0 && size < 0.995) {
        std::snprintf(text.data(), text.size(), "%.3g", value);
    } else {
        std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    }
    return text.data();
}

struct Prefix {
    std::string_view name;
    double scale;
};

/// In the largest unit in which the value is at least 1 after rounding to three digits.
std::string scaled(double value, std::span<const Prefix> ascending, std::string_view unit) {
    const Prefix* chosen = ascending.data();
    for (const Prefix& prefix : ascending) {
        if (std::fabs(value) / prefix.scale >= 0.9995) chosen = &prefix;
    }
    return three_digits(value / chosen->scale) + " " + std::string(chosen->name) + std::string(unit);
}

}  // namespace

Result<std::int64_t> parse_bytes(std::string_view text) {
    return parse_quantity(text, byte_units,
                          {.kind = "a size",
                           .example = "16 GiB",
                           .base = "bytes",
                           .unit_names = "B, KiB, MiB, GiB, TiB (powers of 1024) and kB, MB, GB, TB (powers of 1000)"});
}

Result<std::int64_t> parse_clock(std::string_view text) {
    return parse_quantity(text, clock_units,
                          {.kind = "a clock", .example = "1230 MHz", .base = "MHz", .unit_names = "MHz and GHz"});
}

Result<std::int64_t> parse_duration(std::string_view text) {
    return parse_quantity(
        text, duration_units,
        {.kind = "a duration", .example = "0.5 s", .base = "nanoseconds", .unit_names = "ns, us, ms, s, min and h"});
}

Result<double> parse_percent(std::string_view text) {
    const std::optional<Written> written = split(text);
    double value = 0;
    if (written && written->unit == "%") {
        // Through the decimal exponent, so that "0.3 %" is the double nearest to 0.003.
        const std::string shifted = std::string(written->number) + "e-2";
        const auto parsed = std::from_chars(shifted.data(), shifted.data() + shifted.size(), value);
        if (parsed.ec == std::errc{} && std::isfinite(value)) return value;
    }
    return fail({.code = ErrorCode::usage,
                 .what = quoted(text) + " is not a percentage",
                 .fix = "Write a number and the sign %, for instance \"3 %\"."});
}

std::string format_bytes(std::int64_t bytes) {
    constexpr std::array<Prefix, 5> units = {
        {{"B", 1}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}}};
    const auto value = static_cast<double>(bytes);
    std::size_t chosen = 0;
    while (chosen + 1 < units.size() && std::fabs(value) >= units[chosen + 1].scale) ++chosen;
    const double in_unit = value / units[chosen].scale;
    const std::string number =
        in_unit == std::trunc(in_unit) ? std::to_string(static_cast<std::int64_t>(in_unit)) : three_digits(in_unit);
    return number + " " + std::string(units[chosen].name);
}

std::string format_duration(double nanoseconds) {
    constexpr std::array<Prefix, 4> short_units = {{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
    constexpr std::array<Prefix, 2> long_units = {{{"min", 60e9}, {"h", 3600e9}}};
    if (!std::isfinite(nanoseconds)) return "-";
    if (nanoseconds == 0) return "0 ns";
    // Seconds stay readable up to two minutes.
    const bool is_long = std::fabs(nanoseconds) >= 120e9;
    return is_long ? scaled(nanoseconds, long_units, "") : scaled(nanoseconds, short_units, "");
}

std::string format_value(double value, std::string_view unit) {
    constexpr std::array<Prefix, 6> prefixes = {
        {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}}};
    if (!std::isfinite(value)) return "-";
    if (unit == "ns") return format_duration(value);
    if (unit == "B" && std::fabs(value) < 0x1p53) return format_bytes(std::llround(value));
    if (unit.ends_with("/s")) return scaled(value, prefixes, unit);
    const bool is_count = value == std::trunc(value) && std::fabs(value) < 0x1p53;
    const std::string number = is_count ? std::to_string(static_cast<std::int64_t>(value)) : three_digits(value);
    return unit.empty() ? number : number + " " + std::string(unit);
}

std::string format_percent(double fraction) {
    if (!std::isfinite(fraction)) return "-";
    std::array<char, 400> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", fraction * 100);
    return std::string_view(text.data()) == "-0.0 %" ? "0.0 %" : text.data();
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace passbench
