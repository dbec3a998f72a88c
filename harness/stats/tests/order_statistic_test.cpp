#include "harness/stats/order_statistic.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "harness/stats/tests/reference_values.hpp"

namespace passbench {
namespace {

std::vector<double> one_to(std::size_t n) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    return values;
}

TEST(QuantileRanks, AreThoseOfTheTableInR7_2) {
    struct Row {
        std::size_t n, lower, upper;
        double percent;
    };
    for (const Row& row : {Row{6, 1, 6, 96.9}, Row{8, 1, 8, 99.2}, Row{9, 2, 8, 96.1}, Row{10, 2, 9, 97.9},
                           Row{12, 3, 10, 96.1}, Row{15, 4, 12, 96.5}, Row{20, 6, 15, 95.9}, Row{30, 10, 21, 95.7}}) {
        const auto ranks = quantile_ranks(row.n, 0.5, 0.95);
        ASSERT_TRUE(ranks) << row.n;
        EXPECT_EQ(ranks->lower, row.lower) << row.n;
        EXPECT_EQ(ranks->upper, row.upper) << row.n;
        EXPECT_NEAR(100 * ranks->confidence, row.percent, 0.05) << row.n;
    }
}

TEST(QuantileRanks, AgreeWithScipy) {
    const auto cases = reference_cases("order_statistic.json", "cases");
    ASSERT_GT(cases.size(), 100U);
    for (const ReferenceCase& one : cases) {
        const auto ranks = quantile_ranks(one.count("n"), one.number("p"), one.number("confidence"));
        const std::size_t lower = one.count("lower");
        const std::size_t upper = one.count("upper");
        if (lower == 0 || upper == 0) {
            EXPECT_FALSE(ranks) << one.text;
            continue;
        }
        ASSERT_TRUE(ranks) << one.text;
        EXPECT_EQ(ranks->lower, lower) << one.text;
        EXPECT_EQ(ranks->upper, upper) << one.text;
        EXPECT_NEAR(ranks->confidence, one.number("coverage"), 1e-11) << one.text;
    }
}

TEST(QuantileRanks, TakeALevelThatIsReachedExactly) {
    const auto ranks = quantile_ranks(6, 0.5, 1 - 2.0 / 64);  // P(B <= 0) is a/2 itself
    ASSERT_TRUE(ranks);
    EXPECT_EQ(ranks->lower, 1U);
    EXPECT_EQ(ranks->upper, 6U);
}

TEST(SmallestSample, IsThatOfTheTableInR8_2) {
    EXPECT_EQ(smallest_sample(0.5, 0.95), 6U);
    EXPECT_EQ(smallest_sample(0.90, 0.95), 36U);
    EXPECT_EQ(smallest_sample(0.95, 0.95), 72U);
    EXPECT_EQ(smallest_sample(0.99, 0.95), 368U);
    EXPECT_EQ(smallest_sample(0.999, 0.95), 3688U);
}

TEST(SmallestSample, IsWhereRanksBegin) {
    for (const double p : {0.05, 0.3, 0.5, 0.7, 0.9, 0.99}) {
        for (const double confidence : {0.5, 0.9, 0.95, 0.999, 1 - 2.0 / 64}) {
            const std::size_t n = smallest_sample(p, confidence);
            EXPECT_TRUE(quantile_ranks(n, p, confidence)) << p << ' ' << confidence;
            if (n > 1) {
                EXPECT_FALSE(quantile_ranks(n - 1, p, confidence)) << p << ' ' << confidence;
            }
        }
    }
}

TEST(QuantileInterval, ElevenValuesAreNotEnoughForTheNinetiethPercentile) {
    const auto interval = quantile_interval(one_to(11), 0.9, 0.95);
    ASSERT_FALSE(interval);
    EXPECT_EQ(interval.error().code, ErrorCode::unsupported);
    EXPECT_EQ(interval.error().fix, "Measure at least 36 values.");
}

TEST(QuantileInterval, FollowsShiftAndScale) {
    std::vector<double> values = one_to(30);
    const auto plain = quantile_interval(values, 0.5, 0.95);
    for (double& value : values) value = 4 * value - 100;
    const auto moved = quantile_interval(values, 0.5, 0.95);
    ASSERT_TRUE(plain && moved);
    EXPECT_EQ(moved->lo, 4 * plain->lo - 100);
    EXPECT_EQ(moved->hi, 4 * plain->hi - 100);
    EXPECT_EQ(moved->confidence, plain->confidence);
}

TEST(QuantileInterval, OfEqualValuesIsThatValue) {
    const auto interval = quantile_interval(std::vector<double>(8, 3.0), 0.5, 0.95);
    ASSERT_TRUE(interval);
    EXPECT_EQ(interval->lo, 3.0);
    EXPECT_EQ(interval->hi, 3.0);
}

TEST(QuantileInterval, RefusesWhatIsEmptyUnsortedOrNotFinite) {
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    const double endless = std::numeric_limits<double>::infinity();
    for (const auto& values : {std::vector<double>{},
                               {2, 1, 3, 4, 5, 6},
                               {1, 2, 3, not_a_number, 5, 6},
                               {1, 2, 3, 4, 5, endless},
                               {-endless, 2, 3, 4, 5, 6}}) {
        const auto interval = quantile_interval(values, 0.5, 0.95);
        ASSERT_FALSE(interval);
        EXPECT_EQ(interval.error().code, ErrorCode::usage);
        EXPECT_FALSE(interval.error().fix.empty());
    }
}

TEST(NearestRank, IsTheSmallestValueThatThisShareDoesNotExceed) {
    EXPECT_EQ(nearest_rank(1, 0.5), 1U);
    EXPECT_EQ(nearest_rank(2, 0.5), 1U);
    EXPECT_EQ(nearest_rank(2, 0.51), 2U);
    EXPECT_EQ(nearest_rank(100, 0.99), 99U);
    EXPECT_EQ(nearest_rank(100, 0.07), 7U);  // 0.07 * 100 is a little above 7 in binary
    EXPECT_EQ(nearest_rank(368, 0.99), 365U);
    EXPECT_EQ(nearest_rank(10, 1.0), 10U);
}

TEST(Median, OfOneTwoAndThreeValues) {
    EXPECT_EQ(*median({7}), 7);
    EXPECT_EQ(*median({3, 1}), 2);
    EXPECT_EQ(*median({3, 1, 2}), 2);
    EXPECT_EQ(*median({4, 1, 3, 2}), 2.5);
}

TEST(Median, ChangesItsSignWithTheValues) {
    const std::vector<double> values = {3.5, -1, 2, 9, 0.25, 4};
    std::vector<double> negative = values;
    for (double& value : negative) value = -value;
    EXPECT_EQ(*median(negative), -*median(values));
}

TEST(Median, OfVeryLargeValuesDoesNotOverflow) {
    const double large = std::numeric_limits<double>::max();
    EXPECT_EQ(*median({large, large}), large);
}

TEST(Median, RefusesNothingAndWhatIsNotFinite) {
    EXPECT_FALSE(median({}));
    const auto bad = median({1, std::numeric_limits<double>::quiet_NaN()});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().what, "value 1 is not a finite number");
}

}  // namespace
}  // namespace passbench
