// What must hold for every report, whatever the records say.
#include "harness/report/report.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "harness/report/case_groups.hpp"
#include "harness/report/table.hpp"
#include "harness/report/tests/example_run.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// Without what toned() adds: ESC [ digits m.
std::string without_colours(std::string text) {
    for (std::size_t at = 0; (at = text.find("\x1b[", at)) != std::string::npos;) {
        text.erase(at, text.find('m', at) - at + 1);
    }
    return text;
}

void expect_fits(const std::string& text) {
    for (const std::string& line : lines_of(text)) EXPECT_LE(width(line), report_columns) << line;
}

void expect_tame(const std::string& text) {
    for (const std::string& line : lines_of(text)) EXPECT_EQ(printable(line), line);
}

std::vector<std::string> terminal_texts(Colour colour) {
    const ExampleReport hostile = hostile_example();
    Comparison comparison = example_comparison();
    comparison.gates = hostile.verdict.gates;
    comparison.left = comparison.right = hostile.plan.title;
    comparison.context = {{hostile.plan.title, hostile.plan.title, hostile.plan.title}};
    comparison.only_left = std::vector<std::string>(30, hostile.plan.title);
    return {terminal_report(hostile.reported(), colour), terminal_report(gated_example().reported(), colour),
            terminal_report(simulated_example().reported(), colour), terminal_comparison(comparison, colour),
            terminal_plan(hostile.plan, {}, 0.02)};
}

TEST(TerminalReport, IsAtMostAHundredColumnsWide) {
    for (const std::string& text : terminal_texts(Colour::off)) expect_fits(text);
    for (const std::string& text : terminal_texts(Colour::on)) expect_fits(without_colours(text));
}

TEST(TerminalReport, LetsNoControlCharacterThrough) {
    for (const std::string& text : terminal_texts(Colour::off)) expect_tame(text);
    for (const std::string& text : terminal_texts(Colour::on)) expect_tame(without_colours(text));
}

// Of two forms with parameters of their own: what all cases of a form have is said once, in the heading.
TEST(CaseGroups, NameACaseByWhatDiffersWithinAForm) {
    const auto planned = [](Form form, Parameters parameters) {
        PlannedCase one;
        one.workload = "stream";
        one.form = form;
        one.parameters = std::move(parameters);
        return one;
    };
    const std::string best = "best";
    Plan plan;
    plan.cases = {
        planned(Form::cpu, {{"bytes", std::int64_t{1024}}, {"isa", best}, {"op", std::string("copy")}}),
        planned(Form::cpu, {{"bytes", std::int64_t{1024}}, {"isa", best}, {"op", std::string("triad")}}),
        planned(Form::cuda,
                {{"bytes", std::int64_t{1024}}, {"cache", std::string("hot")}, {"op", std::string("triad")}})};
    const auto groups = group_cases(plan);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].fixed, "bytes=1 KiB; cpu: isa=best; cuda: cache=hot");
    EXPECT_EQ(groups[0].cases[0].label, "cpu op=copy");
    EXPECT_EQ(groups[0].cases[1].label, "cpu op=triad");
    EXPECT_EQ(groups[0].cases[2].label, "cuda op=triad");
    // One value a form, and not the same.
    plan.cases.erase(plan.cases.begin());
    EXPECT_EQ(group_cases(plan)[0].fixed, "bytes=1 KiB, op=triad; cpu: isa=best; cuda: cache=hot");
    plan.cases[1].parameters["bytes"] = std::int64_t{2048};
    EXPECT_EQ(group_cases(plan)[0].fixed, "op=triad; cpu: bytes=1 KiB, isa=best; cuda: bytes=2 KiB, cache=hot");
    EXPECT_EQ(group_cases(plan)[0].cases[0].label, "cpu");
}

TEST(TerminalReport, IsTheSameTextWithAndWithoutColour) {
    const ExampleReport run = gated_example();
    const std::string coloured = terminal_report(run.reported(), Colour::on);
    EXPECT_NE(coloured.find("\x1b["), std::string::npos);
    EXPECT_EQ(without_colours(coloured), terminal_report(run.reported(), Colour::off));
}

TEST(Reports, SaySimulatedWhereverTheStatsOrTheVerdictAre) {
    for (const bool in_stats : {true, false}) {
        ExampleReport run = gated_example();
        run.stats.simulated = in_stats;
        run.verdict.simulated = !in_stats;
        const std::string terminal = terminal_report(run.reported(), Colour::off);
        EXPECT_NE(terminal.find("card: none; simulated"), std::string::npos);
        EXPECT_NE(terminal.find("not qualified (simulated)"), std::string::npos);
        EXPECT_NE(markdown_report(run.reported()).find("(simulated)"), std::string::npos);
        EXPECT_NE(junit_report(run.reported()).find("name=\"simulated\" value=\"true\""), std::string::npos);
        EXPECT_EQ(csv_report(run.reported()).find(",false\r\n"), std::string::npos);
    }
}

TEST(Reports, OfARealRunDoNotSaySimulated) {
    const ExampleReport run = gated_example();
    EXPECT_EQ(terminal_report(run.reported(), Colour::off).find("simulated"), std::string::npos);
    EXPECT_EQ(markdown_report(run.reported()).find("simulated"), std::string::npos);
}

TEST(TerminalReport, LeavesManyRowsToTheFiles) {
    ExampleReport run = simulated_example();
    for (int index = 0; index < 1000; ++index) {
        PlannedCase one = run.plan.cases[0];
        one.parameters["bytes"] = std::int64_t{index};
        one.name += std::to_string(index);
        run.plan.cases.push_back(one);
    }
    const std::string text = terminal_report(run.reported(), Colour::off);
    EXPECT_LT(lines_of(text).size(), 500U);
    EXPECT_NE(text.find("more rows in report.md and stats.csv"), std::string::npos);
}

TEST(Reports, OfAnEmptyRunAreWritten) {
    const Plan plan;
    const Stats stats;
    const Verdict verdict;
    const RunStatus status;
    const std::map<std::string, Environment> environments;
    const Reported reported{"run", plan, stats, verdict, status, environments};
    EXPECT_NE(terminal_report(reported, Colour::off).find("run word: failed"), std::string::npos);
    EXPECT_FALSE(markdown_report(reported).empty());
    EXPECT_NE(junit_report(reported).find("tests=\"0\""), std::string::npos);
    EXPECT_EQ(lines_of(csv_report(reported)).size(), 1U);
}

TEST(TerminalPlan, WarnsWhereTheDesignCannotShowTheBudgetAndSaysWhatWould) {  // R11.2
    const Plan plan = gated_example().plan;
    const std::string noisy = terminal_plan(plan, {}, 0.10);
    EXPECT_NE(noisy.find("warning: that is more than the budget of 3 %; "), std::string::npos) << noisy;
    EXPECT_NE(noisy.find("blocks at the last look would do"), std::string::npos);
    EXPECT_EQ(terminal_plan(plan, {}, 0.005).find("warning"), std::string::npos);
}

TEST(TerminalReport, NamesWhatDisturbsOnceWithTheValuesThatTheArmsSaw) {
    ExampleReport run = gated_example();
    for (auto& [arm, environment] : run.environments)
        environment.disturbances = {{"boost", "on"}, {"boost.advice", "off"}};
    run.environments.begin()->second.disturbances.insert({{"load", "1.2"}, {"load.advice", "wait"}});
    run.environments.rbegin()->second.disturbances.insert({{"load", "1.4"}, {"load.advice", "wait"}});
    const std::string text = terminal_report(run.reported(), Colour::off);
    EXPECT_NE(text.find("may disturb: boost on, load 1.2 / 1.4 ("), std::string::npos) << text;
}

}  // namespace
}  // namespace passbench
