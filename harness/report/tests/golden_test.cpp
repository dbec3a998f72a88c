// Every format against a committed file. After a change that is meant, renew them and read the difference:
//   PASSBENCH_RENEW_GOLDEN=1 build/release/tests/report_tests --gtest_filter='Golden*' && git diff harness/report/tests/golden
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "harness/report/tests/example_run.hpp"

namespace passbench {
namespace {

void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = "harness/report/tests/golden/" + name;  // tests run in the repository's root
    if (std::getenv("PASSBENCH_RENEW_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
    std::ifstream file(path, std::ios::binary);
    const std::string golden{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(text, golden) << "if this change is meant, renew " << path << " as the head of golden_test.cpp says";
}

TEST(Golden, TerminalOfAGatedRun) {
    expect_golden("gated.txt", terminal_report(gated_example().reported(), Colour::off));
}
TEST(Golden, TerminalInColour) { expect_golden("gated.ansi", terminal_report(gated_example().reported(), Colour::on)); }
TEST(Golden, TerminalOfASimulatedRun) {
    expect_golden("simulated.txt", terminal_report(simulated_example().reported(), Colour::off));
}
TEST(Golden, Markdown) { expect_golden("gated.md", markdown_report(gated_example().reported())); }
TEST(Golden, MarkdownOfASimulatedRun) {
    expect_golden("simulated.md", markdown_report(simulated_example().reported()));
}
TEST(Golden, JunitOfAGatedRun) { expect_golden("gated.xml", junit_report(gated_example().reported())); }
TEST(Golden, JunitOfAnUngatedRun) { expect_golden("simulated.xml", junit_report(simulated_example().reported())); }
TEST(Golden, JunitOfHostileText) { expect_golden("hostile.xml", junit_report(hostile_example().reported())); }
TEST(Golden, Csv) { expect_golden("gated.csv", csv_report(gated_example().reported())); }
TEST(Golden, CsvOfHostileText) { expect_golden("hostile.csv", csv_report(hostile_example().reported())); }
TEST(Golden, Comparison) { expect_golden("comparison.txt", terminal_comparison(example_comparison(), Colour::off)); }
TEST(Golden, Plan) { expect_golden("plan.txt", terminal_plan(gated_example().plan, {}, 0.02)); }

}  // namespace
}  // namespace passbench
