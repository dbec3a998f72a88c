#include "harness/stats/hodges_lehmann.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "harness/stats/tests/reference_values.hpp"

namespace passbench {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t draws_seed = 1;

TEST(HodgesLehmannPaired, AgreesWithStoredValues) {
    for (const ReferenceCase& one : reference_cases("hodges_lehmann.json", "paired")) {
        const std::vector<double>& d = one.list("d");
        const auto value = hodges_lehmann_paired(d);
        const auto interval = hodges_lehmann_paired_interval(d, 0.95);
        ASSERT_TRUE(value && interval) << one.text;
        EXPECT_NEAR(*value, one.number("value"), 1e-14);
        EXPECT_NEAR(interval->lo, one.number("lo"), 1e-14);
        EXPECT_NEAR(interval->hi, one.number("hi"), 1e-14);
        EXPECT_GE(interval->confidence, 0.95);
    }
}

TEST(HodgesLehmannPaired, OfOneAndTwoDifferencesIsTheirMean) {
    EXPECT_EQ(*hodges_lehmann_paired(std::vector<double>{4}), 4);
    EXPECT_EQ(*hodges_lehmann_paired(std::vector<double>{4, 1}), 2.5);
}

TEST(HodgesLehmannPaired, HasNoNinetyFivePercentIntervalBelowSixBlocks) {
    const auto interval = hodges_lehmann_paired_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95);
    ASSERT_FALSE(interval);
    EXPECT_EQ(interval.error().code, ErrorCode::unsupported);
    EXPECT_EQ(interval.error().fix, "Measure at least 6 blocks.");
    EXPECT_TRUE(hodges_lehmann_paired_interval(std::vector<double>{1, 2, 3, 4, 5, 6}, 0.95));
}

TEST(HodgesLehmannPaired, FollowsShiftScaleAndSign) {
    const std::vector<double> d = {0.01, -0.02, 0.035, 0.004, 0.011, 0.2, -0.007, 0.015};
    std::vector<double> moved = d;
    for (double& value : moved) value = 0.5 - 2 * value;
    const auto before = hodges_lehmann_paired_interval(d, 0.95);
    const auto after = hodges_lehmann_paired_interval(moved, 0.95);
    ASSERT_TRUE(before && after);
    EXPECT_NEAR(after->lo, 0.5 - 2 * before->hi, 1e-15);
    EXPECT_NEAR(after->hi, 0.5 - 2 * before->lo, 1e-15);
    EXPECT_NEAR(*hodges_lehmann_paired(moved), 0.5 - 2 * *hodges_lehmann_paired(d), 1e-15);
}

TEST(HodgesLehmannPaired, DoesNotDependOnTheOrder) {
    std::vector<double> d = {0.01, -0.02, 0.035, 0.004, 0.011, 0.2, -0.007};
    const auto value = hodges_lehmann_paired(d);
    const auto interval = hodges_lehmann_paired_interval(d, 0.95);
    std::sort(d.begin(), d.end());
    EXPECT_NEAR(*hodges_lehmann_paired(d), *value, 1e-17);
    EXPECT_NEAR(hodges_lehmann_paired_interval(d, 0.95)->lo, interval->lo, 1e-17);
}

TEST(HodgesLehmannPaired, OfEqualDifferencesIsThatDifference) {
    const auto interval = hodges_lehmann_paired_interval(std::vector<double>(8, 0.03), 0.95);
    ASSERT_TRUE(interval);
    EXPECT_EQ(interval->lo, 0.03);
    EXPECT_EQ(interval->hi, 0.03);
}

TEST(HodgesLehmannPaired, RefusesNothingNanInfinityAndTooMany) {
    for (const auto& d : {std::vector<double>{}, {1, nan}, {infinity}, {1, 2, 3, 4, 5, 6, -infinity}}) {
        EXPECT_EQ(hodges_lehmann_paired(d).error().code, ErrorCode::usage);
        EXPECT_EQ(hodges_lehmann_paired_interval(d, 0.95).error().code, ErrorCode::usage);
    }
    EXPECT_EQ(hodges_lehmann_paired(std::vector<double>(1001, 1.0)).error().code, ErrorCode::unsupported);
}

TEST(HodgesLehmannUnpaired, AgreesWithStoredValues) {
    for (const ReferenceCase& one : reference_cases("hodges_lehmann.json", "unpaired")) {
        const std::vector<double>& x = one.list("x");
        const std::vector<double>& y = one.list("y");
        const auto value = hodges_lehmann_unpaired(x, y);
        const auto interval = hodges_lehmann_unpaired_interval(x, y, 0.95, draws_seed);
        ASSERT_TRUE(value && interval) << one.text;
        EXPECT_NEAR(*value, one.number("value"), 1e-14);
        EXPECT_NEAR(interval->lo, one.number("lo"), 1e-14);
        EXPECT_NEAR(interval->hi, one.number("hi"), 1e-14);
    }
}

TEST(HodgesLehmannUnpaired, ChangesItsSignWhenTheSamplesChangePlaces) {
    const std::vector<double> x = {1, 4, 2, 8, 5, 7};
    const std::vector<double> y = {2.5, 9, 3.5, 6.5, 11};
    EXPECT_EQ(*hodges_lehmann_unpaired(x, y), -*hodges_lehmann_unpaired(y, x));
    const auto there = hodges_lehmann_unpaired_interval(x, y, 0.95, draws_seed);
    const auto back = hodges_lehmann_unpaired_interval(y, x, 0.95, draws_seed);
    ASSERT_TRUE(there && back);
    EXPECT_EQ(there->lo, -back->hi);
    EXPECT_EQ(there->hi, -back->lo);
}

TEST(HodgesLehmannUnpaired, HasNoIntervalWhereTheSmallestPIsTooLarge) {
    const std::vector<double> three = {1, 2, 3};
    const auto interval = hodges_lehmann_unpaired_interval(three, std::vector<double>{4, 5, 6}, 0.95, draws_seed);
    ASSERT_FALSE(interval);
    EXPECT_EQ(interval.error().code, ErrorCode::unsupported);
    EXPECT_EQ(interval.error().fix, "Measure at least 4 blocks in each run.");
}

TEST(HodgesLehmannUnpaired, OfMostlyEqualValuesStillHoldsNoChange) {
    const std::vector<double> x = {100, 100, 100, 100, 200, 200, 100, 100};
    const std::vector<double> y = {100, 200, 100, 100, 100, 200, 100, 200};
    const auto interval = hodges_lehmann_unpaired_interval(x, y, 0.95, draws_seed);
    ASSERT_TRUE(interval);
    EXPECT_LE(interval->lo, 0);
    EXPECT_GE(interval->hi, 0);
}

TEST(HodgesLehmannUnpaired, RefusesNothingNanInfinityAndTooMany) {
    const std::vector<double> good = {1, 2, 3, 4};
    for (const auto& bad : {std::vector<double>{}, {1, nan}, {infinity, 2}}) {
        EXPECT_EQ(hodges_lehmann_unpaired(bad, good).error().code, ErrorCode::usage);
        EXPECT_EQ(hodges_lehmann_unpaired_interval(good, bad, 0.95, draws_seed).error().code, ErrorCode::usage);
    }
    const std::vector<double> many(10'000, 1.0);
    EXPECT_EQ(hodges_lehmann_unpaired(many, many).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace passbench
