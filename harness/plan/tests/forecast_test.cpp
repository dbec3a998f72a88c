#include <gtest/gtest.h>

#include "harness/plan/tests/support.hpp"

namespace passbench {
namespace {

// 2^30 bytes at 10 GB/s are 0.107 s: start 0.1 + prepared 1.074 + warm-up 3 x 8 x 0.107 = 2.577, cap 2, + 10 x 0.107 = 4.248 s.
TEST(PlanCost, AddsUpWhatIsStated) {
    const Plan plan = plan_of(
        "[[case]]\nworkload = \"copy\"\nforms = [\"cpu\"]\naxes = { bytes = \"1 GiB\" }\n"
        "[design]\nblocks = [6, 12]\ntrials = 2\niterations = 10\nwarmup_cap = \"2 s\"\n");
    const PlanCost cost = estimate_cost(plan);
    EXPECT_EQ(cost.trials_first_look, 12U);
    EXPECT_EQ(cost.trials_all_looks, 24U);
    EXPECT_NEAR(cost.minutes_first_look, 12 * 4.2475 / 60, 1e-4);
    EXPECT_NEAR(cost.minutes_all_looks, 24 * 4.2475 / 60, 1e-4);
    EXPECT_FALSE(cost.assumption.empty());
}

TEST(PlanCost, CountsEveryArm) {
    const std::string text = "[[case]]\nworkload = \"fma\"\n";
    const PlanCost one = estimate_cost(plan_of(text));
    const PlanCost three = estimate_cost(plan_of("arms = [\"a\", \"b\", \"c\"]\n" + text));
    EXPECT_EQ(three.trials_first_look, 3 * one.trials_first_look);
    EXPECT_DOUBLE_EQ(three.minutes_all_looks, 3 * one.minutes_all_looks);
}

// scipy 1.17.1: (t.ppf(1-a/2,K-1) + t.ppf(.8,K-1)) * sd / sqrt(K) * sqrt(pi/3)
TEST(R111, MinimalDetectableEffectEqualsScipy) {
    EXPECT_NEAR(minimal_detectable_effect(plan_of(gated_on(1)), 0.01).value(), 0.007184720950382294, 1e-12);
    const Plan two_gates = plan_of(gated_on(2) + "[design]\nblocks = [8, 16]\n");
    EXPECT_NEAR(minimal_detectable_effect(two_gates, 0.02).value(), 0.01894624136738376, 1e-12);
    const Plan nothing_gated =
        plan_of("arms = [\"a\", \"b\"]\n[[case]]\nworkload = \"fma\"\n[design]\nblocks = [4, 8]\n");
    EXPECT_NEAR(minimal_detectable_effect(nothing_gated, 0.02).value(), 0.027042960775317308, 1e-12);
}

TEST(R111, DoesNotExistForOneArmOrFewerThanSixBlocks) {
    EXPECT_FALSE(minimal_detectable_effect(plan_of("[[case]]\nworkload = \"fma\"\n"), 0.01));
    const Plan five = plan_of("arms = [\"a\", \"b\"]\n[[case]]\nworkload = \"fma\"\n[design]\nblocks = 5\n");
    EXPECT_FALSE(minimal_detectable_effect(five, 0.01));
}

}  // namespace
}  // namespace passbench
