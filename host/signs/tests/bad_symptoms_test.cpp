// Symptoms of any size and of any bytes: what is kept stays small and printable, and a sign among it is still found.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/text.hpp"
#include "host/signs/detect.hpp"
#include "host/signs/words.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* pcie_words = "does not allow for OS control of the PCI Express bus";

void expect_small_and_printable(const std::vector<Detection>& detections) {
    EXPECT_LE(detections.size(), 2 * most_unknown + rules().size());
    for (const Detection& each : detections) {
        EXPECT_EQ(printable(each.text), each.text);
        EXPECT_LE(width(each.text), 2 * most_columns_kept + 3) << "the words and the code";
    }
}

Symptoms of_words(std::string text) { return {.said = {{.text = std::move(text)}}}; }

TEST(BadSymptoms, FindsASignAmongAHundredThousandLines) {
    std::string log;
    for (int line = 0; line < 100'000; ++line) {
        log += "[" + std::to_string(line) + ".5] misc dxg: dxgk: dxgkio_query_adapter_info: Ioctl failed: -22\n";
        if (line == 70'000) log += "misc dxg: dxgk: dxgkio_make_resident: Ioctl failed: -12\n";
    }
    const auto detections = detect({.kernel_log = log});
    ASSERT_THAT(detections, SizeIs(1));
    EXPECT_EQ(detections[0].finding, "gpupv.residency_limit");
}

TEST(BadSymptoms, KeepsSoManyUnknownLinesAndTextsAndNoMore) {
    std::string log;
    for (int line = 0; line < 100'000; ++line) log += "NVRM: Xid 79: " + std::to_string(line) + "\n";
    EXPECT_THAT(detect({.kernel_log = log}), SizeIs(most_unknown));
    Symptoms symptoms;
    for (int text = 0; text < 10'000; ++text) symptoms.said.push_back({.text = std::to_string(text)});
    EXPECT_THAT(detect(symptoms), SizeIs(most_unknown));
}

TEST(BadSymptoms, LooksAtTheEndOfALogThatIsTooLong) {
    std::string log(most_bytes_logged, '.');
    log += "\nNVRM: RmInitAdapter failed!";
    ASSERT_THAT(detect({.kernel_log = log}), SizeIs(1));
    EXPECT_THAT(detect({.kernel_log = "NVRM: RmInitAdapter failed!\n" + log.substr(0, most_bytes_logged)}), SizeIs(0));
}

TEST(BadSymptoms, LooksAtTheBeginningOfATextThatIsTooLongAndKeepsWhatIsAroundTheSign) {
    const std::string filling(most_bytes_said / 2, 'x');
    auto detections = detect(of_words(filling + " " + pcie_words + " " + filling));
    ASSERT_THAT(detections, SizeIs(1));
    EXPECT_EQ(detections[0].finding, "dda.no_osc");
    EXPECT_THAT(detections[0].text, HasSubstr(pcie_words));
    EXPECT_TRUE(detections[0].text.starts_with("~x") && detections[0].text.ends_with("x~"));
    expect_small_and_printable(detections);
    detections = detect(of_words(filling + filling + filling + pcie_words));
    ASSERT_THAT(detections, SizeIs(1));
    EXPECT_EQ(detections[0].finding, unknown_finding);
    expect_small_and_printable(detections);
}

TEST(BadSymptoms, KeepsBytesOfEveryKindPrintable) {
    std::string garbage;
    for (int round = 0; round < 64; ++round) {
        for (int byte = 0; byte < 256; ++byte) garbage += static_cast<char>(byte * 7 + round);
    }
    for (const std::string& text :
         {garbage, std::string(5000, '\0'), std::string(5000, '\x80'), std::string(5000, '\n'), std::string("\xe2\x80"),
          std::string("\x1b[2J\xe2\x80\xae gnp.exe")}) {
        Symptoms symptoms = of_words(text);
        symptoms.said[0].code = text;
        symptoms.said.push_back({.by = Speaker::command, .text = text});
        symptoms.kernel_log = "NVRM: Xid " + text;
        symptoms.guest = {{text, text}};
        symptoms.method = symptoms.gpu = symptoms.vm = text;
        const auto detections = detect(symptoms);
        EXPECT_FALSE(detections.empty());
        expect_small_and_printable(detections);
    }
    const auto detections = detect(of_words(garbage + pcie_words + garbage));
    ASSERT_THAT(detections, SizeIs(1));
    EXPECT_EQ(detections[0].finding, "dda.no_osc");
    expect_small_and_printable(detections);
}

TEST(BadSymptoms, CutsNoCharacterOfManyBytesInTwo) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string text(shift, 'x');
        for (int count = 0; count < 1000; ++count) text += "\xc3\xbc";
        const auto detections = detect(of_words(text + pcie_words + text));
        ASSERT_THAT(detections, SizeIs(1));
        EXPECT_EQ(detections[0].text.find("\\x"), std::string::npos) << detections[0].text;
    }
}

TEST(BadSymptoms, FactsOfAnUnexpectedTypeAreNoSign) {
    const Symptoms symptoms = {.method = "dda",
                               .gpu = "G",
                               .vm = "V",
                               .host = {{"gpu/G", {{"state", true}, {"problem_code", "many"}}}},
                               .wanted = {{"gpu/G", {{"state", std::int64_t{7}}}}},
                               .guest = {{"pinned_limit_bytes", "1 GiB"}, {"file./dev/dxg", true}}};
    EXPECT_THAT(detect(symptoms), SizeIs(0));
}

}  // namespace
}  // namespace passbench
