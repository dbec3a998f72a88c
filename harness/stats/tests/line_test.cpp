#include "harness/stats/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "harness/stats/tests/reference_values.hpp"

namespace passbench {
namespace {

/// alpha + x / rate at 4 B, 16 B, ... 1 GiB.
std::vector<LinePoint> copies(double alpha, double rate) {
    std::vector<LinePoint> points;
    for (double bytes = 4; bytes <= 1 << 30; bytes *= 4) points.push_back({bytes, alpha + bytes / rate});
    return points;
}

double sum_of(const StraightLine& line, const std::vector<LinePoint>& points) {
    double sum = 0;
    for (const LinePoint& point : points) sum += std::abs(std::log1p(above_line(line, point)));
    return sum;
}

TEST(Line, AgreesWithStoredValues) {
    const auto cases = reference_cases("line.json", "lines");
    ASSERT_FALSE(cases.empty());
    for (const ReferenceCase& one : cases) {
        std::vector<LinePoint> points;
        for (std::size_t i = 0; i < one.list("x").size(); ++i) points.push_back({one.list("x")[i], one.list("t")[i]});
        const auto line = fit_line(points);
        ASSERT_TRUE(line) << one.text;
        EXPECT_NEAR(line->intercept / one.number("intercept"), 1, 1e-9) << one.text;
        EXPECT_NEAR(line->slope / one.number("slope"), 1, 1e-9) << one.text;
        EXPECT_NEAR(sum_of(*line, points), one.number("sum"), 1e-9) << one.text;
    }
}

TEST(Line, ThroughPointsOfALineIsThatLineOverNineOrdersOfMagnitude) {
    const auto line = fit_line(copies(10'000, 12));
    ASSERT_TRUE(line);
    EXPECT_NEAR(line->intercept, 10'000, 1e-6);
    EXPECT_NEAR(1 / line->slope, 12, 1e-9);
}

TEST(Line, IsNotMovedByOneKinkHoweverFarOffItIs) {
    for (const double factor : {0.001, 0.5, 3.0, 1000.0}) {
        for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{14}}) {
            std::vector<LinePoint> points = copies(10'000, 12);
            points[at].time *= factor;
            const auto line = fit_line(points);
            ASSERT_TRUE(line);
            EXPECT_NEAR(line->intercept, 10'000, 1e-6) << factor << " at " << points[at].x;
            EXPECT_NEAR(1 / line->slope, 12, 1e-9);
            EXPECT_NEAR(above_line(*line, points[at]), factor - 1, 1e-9 * factor);
        }
    }
}

TEST(Line, SmallTimesCountAsMuchAsLargeOnes) {  // squares of absolute residuals would know nothing of alpha here
    std::vector<LinePoint> points = copies(10'000, 12);
    for (std::size_t i = 0; i < points.size(); ++i) points[i].time *= i % 2 == 0 ? 1.01 : 0.99;
    const auto line = fit_line(points);
    ASSERT_TRUE(line);
    EXPECT_NEAR(line->intercept, 10'000, 150);
    EXPECT_NEAR(1 / line->slope, 12, 0.2);
}

TEST(Line, NoOtherLineNearbyHasASmallerSum) {
    std::vector<LinePoint> points = copies(3'000, 8);
    for (std::size_t i = 0; i < points.size(); ++i) points[i].time *= 1 + 0.3 * std::sin(static_cast<double>(7 * i));
    const auto line = fit_line(points);
    ASSERT_TRUE(line);
    const double least = sum_of(*line, points);
    for (const double intercept : {0.8, 0.99, 1.0, 1.01, 1.2}) {
        for (const double slope : {0.8, 0.99, 1.0, 1.01, 1.2}) {
            EXPECT_GE(sum_of({line->intercept * intercept, line->slope * slope}, points), least * (1 - 1e-12));
        }
    }
}

TEST(Line, FollowsTheUnitsOfBothAxes) {
    std::vector<LinePoint> points = {{1, 3}, {2, 4.5}, {4, 6.9}, {9, 14.2}, {16, 20}};
    const auto before = fit_line(points);
    for (LinePoint& point : points) point = {.x = point.x * 1024, .time = point.time * 8};
    const auto after = fit_line(points);
    ASSERT_TRUE(before && after);
    EXPECT_NEAR(after->intercept, before->intercept * 8, 1e-12);
    EXPECT_NEAR(after->slope, before->slope * 8 / 1024, 1e-15);
}

TEST(Line, MayFall) {
    const auto line = fit_line(std::vector<LinePoint>{{1, 9}, {2, 7}, {4, 3}});
    ASSERT_TRUE(line);
    EXPECT_NEAR(line->slope, -2, 1e-12);
}

TEST(Line, IsAboveZeroWhereverThereIsATime) {  // the line through the last two would not be
    const auto line = fit_line(std::vector<LinePoint>{{1, 1}, {2, 1.5}, {3, 10}, {4, 40}});
    ASSERT_TRUE(line);
    for (const double x : {1.0, 2.0, 3.0, 4.0}) EXPECT_GT(line->intercept + line->slope * x, 0);
}

TEST(Line, OfManyPointsIsFoundWithoutTryingEveryPair) {
    std::vector<LinePoint> points;
    for (int nodes = 1; nodes <= 5000; ++nodes) {
        const double noise = 1 + 0.01 * std::sin(nodes * nodes);
        points.push_back({static_cast<double>(nodes), (15'000 + 580.0 * nodes) * noise});
    }
    const auto line = fit_line(points);
    ASSERT_TRUE(line);
    EXPECT_NEAR(line->intercept, 15'000, 1'500);
    EXPECT_NEAR(line->slope, 580, 6);
}

TEST(Line, NeedsThreePlacesAndTimesAboveZero) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (const std::vector<LinePoint>& points : {std::vector<LinePoint>{},
                                                 {{1, 2}, {2, 3}},
                                                 {{1, 2}, {2, 3}, {2, 4}},
                                                 {{1, 2}, {3, 3}, {2, 4}},
                                                 {{1, 2}, {2, 0}, {3, 4}},
                                                 {{1, 2}, {2, -1}, {3, 4}},
                                                 {{1, 2}, {2, none}, {3, 4}},
                                                 {{none, 2}, {2, 3}, {3, 4}}}) {
        const auto line = fit_line(points);
        ASSERT_FALSE(line);
        EXPECT_EQ(line.error().code, ErrorCode::usage);
        EXPECT_FALSE(line.error().fix.empty());
    }
}

}  // namespace
}  // namespace passbench
