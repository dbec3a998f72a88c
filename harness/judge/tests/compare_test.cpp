#include "harness/judge/compare.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace passbench {
namespace {

/// A run of one case in arm local, with the given bandwidths (higher is better).
struct OneRun {
    std::string name;
    Plan plan;
    Stats stats;
    std::map<std::string, Environment> environments;

    [[nodiscard]] RunToCompare view() const { return {name, plan, stats, environments}; }
};

OneRun run_with(const std::string& name, const std::vector<double>& values) {
    OneRun run;
    run.name = name;
    run.plan.arms = {"local"};
    PlannedCase planned;
    planned.name = "stream/cpu";
    planned.workload = "stream";
    run.plan.cases = {planned};
    Estimate estimate;
    estimate.case_name = "stream/cpu";
    estimate.metric = "bandwidth";
    estimate.unit = "B/s";
    estimate.direction = Direction::higher;
    estimate.kind = MetricKind::rate;
    estimate.arm = "local";
    run.stats.estimates = {estimate};
    for (std::size_t block = 0; block < values.size(); ++block) {
        run.stats.blocks.push_back({"stream/cpu", "bandwidth", "local", static_cast<int>(block), 0, 1, values[block]});
    }
    run.environments["local"].identity["cpu.model"] = std::string("Example 9000");
    run.environments["local"].identity["cpus"] = std::int64_t{2};
    run.environments["local"].context["kernel"] = std::string("6.1");
    return run;
}

const std::vector<double> fast = {100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1};
const std::vector<double> slow = {90, 90.9, 89.1, 90.45, 89.55, 90.18, 89.82, 90.09};  // 0.9 x fast

TEST(CompareRuns, GivesTheUnpairedChangeWithItsDirectionApplied) {
    const auto comparison = compare_runs(run_with("a", fast).view(), run_with("b", slow).view());
    ASSERT_TRUE(comparison);
    ASSERT_EQ(comparison->estimates.size(), 1U);
    const Estimate& estimate = comparison->estimates[0];
    EXPECT_NEAR(*estimate.value, 1 / 0.9 - 1, 0.002);  // less bandwidth is worse
    EXPECT_GT(*estimate.lo, 0.09);
    EXPECT_EQ(estimate.method, "hodges_lehmann_unpaired");
    EXPECT_EQ(estimate.reference, "a");
    EXPECT_GT(*estimate.mde, 0);
    ASSERT_EQ(comparison->gates.size(), 1U);
    EXPECT_EQ(comparison->gates[0].word, GateWord::regressed);  // beyond the default of 3 %
}

TEST(CompareRuns, TheOtherWayRoundIsAnImprovementOfTheInverse) {
    const auto there = compare_runs(run_with("a", fast).view(), run_with("b", slow).view());
    const auto back = compare_runs(run_with("b", slow).view(), run_with("a", fast).view());
    EXPECT_EQ(back->gates[0].word, GateWord::improved);
    EXPECT_NEAR((1 + *there->estimates[0].value) * (1 + *back->estimates[0].value), 1.0, 1e-12);
}

TEST(CompareRuns, ARunAgainstItselfIsOk) {
    const OneRun run = run_with("a", fast);
    const auto comparison = compare_runs(run.view(), run.view());
    EXPECT_EQ(comparison->gates[0].word, GateWord::ok);
    EXPECT_NEAR(*comparison->estimates[0].value, 0, 1e-12);
}

TEST(CompareRuns, UsesTheBudgetOfTheLeftPlan) {
    OneRun left = run_with("a", fast);
    left.plan.cases[0].gates = {{"bandwidth", 0.20}};
    const auto comparison = compare_runs(left.view(), run_with("b", slow).view());
    EXPECT_EQ(comparison->gates[0].word, GateWord::ok);
    EXPECT_EQ(comparison->gates[0].budget, 0.20);
}

TEST(CompareRuns, RefusesAnotherIdentityAndNamesTheKeysWithBothValues) {
    OneRun right = run_with("b", slow);
    right.environments["local"].identity["cpu.model"] = std::string("Example 7000");
    right.environments["local"].identity["gpu.uuid"] = std::string("GPU-1");
    const auto comparison = compare_runs(run_with("a", fast).view(), right.view());
    ASSERT_FALSE(comparison);
    EXPECT_EQ(comparison.error().code, ErrorCode::precondition);
    EXPECT_EQ(comparison.error().what,
              "the runs were not made on the same machine: cpu.model (Example 9000 against Example 7000), gpu.uuid "
              "(absent against GPU-1)");
}

TEST(CompareRuns, RefusesARealRunAgainstASimulatedOne) {
    OneRun right = run_with("b", slow);
    right.stats.simulated = true;
    const auto comparison = compare_runs(run_with("a", fast).view(), right.view());
    ASSERT_FALSE(comparison);
    EXPECT_NE(comparison.error().what.find("simulated (false against true)"), std::string::npos);
}

TEST(CompareRuns, ListsContextThatDiffers) {
    OneRun right = run_with("b", slow);
    right.environments["local"].context["kernel"] = std::string("6.5");
    const auto comparison = compare_runs(run_with("a", fast).view(), right.view());
    ASSERT_EQ(comparison->context.size(), 1U);
    EXPECT_EQ(comparison->context[0].key, "kernel");
    EXPECT_EQ(comparison->context[0].right, "6.5");
}

TEST(CompareRuns, RefusesTwoVersionsOfAWorkload) {
    OneRun right = run_with("b", slow);
    right.plan.cases[0].workload_version = 2;
    EXPECT_EQ(compare_runs(run_with("a", fast).view(), right.view()).error().code, ErrorCode::usage);
}

TEST(CompareRuns, RefusesRunsThatShareNoArmOrNoCase) {
    OneRun right = run_with("b", slow);
    right.plan.arms = {"dda"};
    EXPECT_EQ(compare_runs(run_with("a", fast).view(), right.view()).error().what,
              "the runs have no arm in common: a has local, b has dda");
    right = run_with("b", slow);
    right.plan.cases[0].name = "fma/cpu";
    EXPECT_EQ(compare_runs(run_with("a", fast).view(), right.view()).error().what, "the runs a and b share no case");
}

TEST(CompareRuns, NamesTheCasesThatOnlyOneRunHas) {
    OneRun left = run_with("a", fast);
    OneRun right = run_with("b", slow);
    left.plan.cases.push_back(left.plan.cases[0]);
    left.plan.cases.back().name = "fma/cpu";
    right.plan.cases.push_back(right.plan.cases[0]);
    right.plan.cases.back().name = "copy/cpu";
    const auto comparison = compare_runs(left.view(), right.view());
    EXPECT_EQ(comparison->only_left, std::vector<std::string>{"fma/cpu"});
    EXPECT_EQ(comparison->only_right, std::vector<std::string>{"copy/cpu"});
}

TEST(CompareRuns, AnInvalidTrialOnEitherSideGivesNoWordOfNumbers) {
    OneRun right = run_with("b", slow);
    right.stats.missing = {{"stream/cpu", "local", 1, 0, "invalid", "wrong results"}};
    EXPECT_EQ(compare_runs(run_with("a", fast).view(), right.view())->gates[0].word, GateWord::invalid);
    EXPECT_EQ(compare_runs(right.view(), run_with("a", fast).view())->gates[0].word, GateWord::invalid);
}

TEST(CompareRuns, WithTooFewBlocksIsInconclusiveAndSaysHowManyItNeeds) {
    const auto comparison = compare_runs(run_with("a", {100, 101, 99}).view(), run_with("b", {90, 91, 89}).view());
    EXPECT_EQ(comparison->gates[0].word, GateWord::inconclusive);
    EXPECT_EQ(comparison->estimates[0].flags.at(0).text,
              "3 and 3 blocks measured; an interval at the level of this comparison needs 4 in each run");
}

TEST(CompareRuns, AsJsonHasTheFormsOfTheOtherRecords) {
    const auto comparison = compare_runs(run_with("a", fast).view(), run_with("b", slow).view());
    const auto document = nlohmann::json::parse(to_json(*comparison));
    EXPECT_EQ(document.at("format"), "passbench.comparison");
    EXPECT_EQ(document.at("estimates").at(0).at("case"), "stream/cpu");
    EXPECT_EQ(document.at("gates").at(0).at("word"), "regressed");
}

}  // namespace
}  // namespace passbench
