#include "harness/plan/make_plan.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string contents_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Made once by to_json of this plan. It changes only with the format, the catalogue or the order: all three are promises.
TEST(GoldenPlan, IsTheSameByteForByte) {
    const std::filesystem::path folder = "harness/plan/tests/golden";
    const auto scenario = read_scenario(folder / "two_arms.toml");
    ASSERT_TRUE(scenario);
    const auto plan = make_plan(*scenario, Scale::full);
    ASSERT_TRUE(plan);
    EXPECT_EQ(to_json(*plan), contents_of(folder / "two_arms.plan.json"));
}

TEST(Plan, CarriesTheDigestOfItsOwnDocument) {
    const Plan plan = plan_of("[[case]]\nworkload = \"fma\"\n");
    EXPECT_EQ(plan.sha256.size(), 64U);
    const auto read = plan_from_json(to_json(plan));
    ASSERT_TRUE(read) << to_text(read.error());
    EXPECT_EQ(read->sha256, plan.sha256);
}

TEST(Plan, HasBlocksForAllLooks) {
    EXPECT_EQ(plan_of("[[case]]\nworkload = \"fma\"\n[design]\nblocks = [6, 12]\n").blocks.size(), 12U);
}

// "m = 1 -> 7, 3 -> 9, 10 -> 11": method, R5.3.
TEST(R53, RaisesTheFirstLookToWhatAVerdictNeeds) {
    EXPECT_THAT(plan_of(gated_on(1) + "[design]\nblocks = [2, 16, 24]\n").design.looks, ElementsAre(7, 16, 24));
    EXPECT_THAT(plan_of(gated_on(3)).design.looks, ElementsAre(9, 16, 24));
    EXPECT_THAT(plan_of(gated_on(10)).design.looks, ElementsAre(11, 16, 24));
}

TEST(R53, LooksThatFallTogetherAreOne) {
    EXPECT_THAT(plan_of(gated_on(10) + "[design]\nblocks = [3, 5, 24]\n").design.looks, ElementsAre(11, 24));
}

TEST(R53, LeavesLooksAloneThatAreLateEnough) {
    const std::string text = gated_on(1) + "[design]\nblocks = [8, 16]\n";
    EXPECT_THAT(plan_of(text).design.looks, ElementsAre(8, 16));
    EXPECT_THAT(plan_notes(scenario_of(text), plan_of(text), Scale::full), IsEmpty());
}

TEST(R53, LeavesLooksAloneWhereNothingIsGated) {
    EXPECT_THAT(
        plan_of("arms = [\"a\", \"b\"]\n[[case]]\nworkload = \"fma\"\n[design]\nblocks = [2, 3]\n").design.looks,
        ElementsAre(2, 3));
}

TEST(R53, IsSaidInANote) {
    EXPECT_THAT(
        plan_notes(scenario_of(gated_on(3)), plan_of(gated_on(3)), Scale::full),
        ElementsAre("The first look is after 9 blocks, not 8: with 3 gates at 3 looks no paired interval of the "
                    "confidence that a verdict needs exists below that."));
}

TEST(JudgedGates, CountEachGateInEachArmButTheReference) {
    Plan plan = plan_of(gated_on(4));
    EXPECT_EQ(judged_gates(plan), 4U);
    plan.arms.emplace_back("c");
    EXPECT_EQ(judged_gates(plan), 8U);
    plan.arms = {"a"};
    EXPECT_EQ(judged_gates(plan), 0U);
}

TEST(ScaleSmall, ShortensTheDesignAndSaysSo) {
    const std::string text = gated_on(1) + "[design]\ntrials = 4\nseed = 9\n";
    const Plan plan = plan_of(text, Scale::small);
    EXPECT_THAT(plan.design.looks, ElementsAre(2));
    EXPECT_EQ(plan.design.trials, 1);
    EXPECT_EQ(plan.design.iterations, 5);
    EXPECT_EQ(plan.design.warmup_ns, 10'000'000);
    EXPECT_EQ(plan.design.warmup_cap_ns, 10'000'000);
    EXPECT_EQ(plan.design.seed, 9U);
    EXPECT_EQ(plan_notes(scenario_of(text), plan, Scale::small).size(), 1U);
}

TEST(Plan, RefusesMoreTrialsThanARequestMayHave) {
    Scenario scenario = scenario_of("[[case]]\nworkload = \"copy\"\nforms = [\"cpu\"]\n[design]\ntrials = 100\n");
    for (std::int64_t i = 1; i <= 1001; ++i) scenario.cases[0].axes["bytes"].emplace_back(4096 * i);
    const auto plan = make_plan(scenario, Scale::full);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().what, "this plan has 100100 trials a block and 2402400 an arm, more than 100000 or 1000000");
    EXPECT_EQ(plan.error().fix, "Plan fewer cases (1001), trials (100) or blocks (24).");
}

TEST(SlotsOf, KeepsTheRealisedOrderOfTheWantedCases) {
    const Plan plan = plan_of(gated_on(3));
    const auto slots = slots_of(plan, 4, {true, false, true});
    std::vector<Slot> expected = plan.blocks[4].slots;
    std::erase_if(expected, [](const Slot& slot) { return slot.case_index == 1; });
    EXPECT_EQ(slots, expected);
    EXPECT_EQ(slots.size(), 6U);
}

}  // namespace
}  // namespace passbench
