#include "harness/stats/power.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/stats/tests/reference_values.hpp"

namespace passbench {
namespace {

Plan plan_with(std::vector<std::string> arms, std::vector<std::vector<Gate>> gates_of_cases) {
    Plan plan;
    plan.arms = std::move(arms);
    for (auto& gates : gates_of_cases) {
        PlannedCase planned;
        planned.gates = std::move(gates);
        plan.cases.push_back(planned);
    }
    return plan;
}

TEST(GateAlpha, IsSharedAmongLooksGatesAndComparedArms) {
    EXPECT_DOUBLE_EQ(gate_alpha(plan_with({"a", "b"}, {{{"wall", 0.03}}})), 0.05 / 3);
    EXPECT_DOUBLE_EQ(gate_alpha(plan_with({"a", "b"}, {{{"wall", 0.03}, {"bandwidth", 0.03}}, {{"wall", 0.03}}})),
                     0.05 / 3 / 3);
    EXPECT_DOUBLE_EQ(gate_alpha(plan_with({"a", "b", "c"}, {{{"wall", 0.03}}})), 0.05 / 3 / 2);
}

TEST(GateAlpha, OfAPlanWithoutGatesIsThatOfOne) { EXPECT_DOUBLE_EQ(gate_alpha(plan_with({"a"}, {{}})), 0.05 / 3); }

TEST(DetectableEffect, AgreesWithScipy) {
    for (const ReferenceCase& one : reference_cases("power.json", "paired")) {
        EXPECT_NEAR(paired_detectable_effect(one.count("blocks"), one.number("sd"), one.number("alpha")),
                    one.number("mde"), 1e-10)
            << one.text;
    }
}

TEST(DetectableEffect, OfTwoRunsIsThatOfAPairedOneWithTheirStandardError) {
    // n = m = 2: the same two degrees of freedom as a pair of three blocks.
    EXPECT_NEAR(unpaired_detectable_effect(2, 2, 0.01, 0.05), paired_detectable_effect(3, 0.01 * std::sqrt(3.0), 0.05),
                1e-12);
}

TEST(DetectableEffect, ShrinksWithBlocksAndGrowsWithSpread) {
    EXPECT_LT(paired_detectable_effect(24, 0.01, 0.05), paired_detectable_effect(8, 0.01, 0.05));
    EXPECT_LT(paired_detectable_effect(8, 0.01, 0.05), paired_detectable_effect(8, 0.02, 0.05));
}

TEST(SampleSd, DividesByOneLessThanTheCount) {
    EXPECT_DOUBLE_EQ(sample_sd(std::vector<double>{1, 3}), std::sqrt(2.0));
    EXPECT_EQ(sample_sd(std::vector<double>{7}), 0.0);
    EXPECT_EQ(sample_sd({}), 0.0);
}

}  // namespace
}  // namespace passbench
