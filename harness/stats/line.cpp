#include "harness/stats/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace passbench {
namespace {

Result<void> require_points(std::span<const LinePoint> points) {
    const auto bad = [](std::string what) {
        return fail({.code = ErrorCode::usage,
                     .what = std::move(what),
                     .fix = "A line needs times at three or more different places."});
    };
    if (points.size() < least_line_points) return bad(std::to_string(points.size()) + " points determine no line");
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!std::isfinite(points[i].x) || !std::isfinite(points[i].time) || points[i].time <= 0) {
            return bad("point " + std::to_string(i) + " of a line is not a finite place with a time above zero");
        }
        if (i > 0 && points[i].x <= points[i - 1].x) {
            return bad("point " + std::to_string(i) + " of a line does not lie beyond the one before");
        }
    }
    return {};
}

double height_at(const StraightLine& line, double x) { return line.intercept + line.slope * x; }

StraightLine through(const LinePoint& first, const LinePoint& second) {
    const double slope = (second.time - first.time) / (second.x - first.x);
    return {.intercept = first.time - slope * first.x, .slope = slope};
}

/// No line may be below zero, where it has no log; `limit`, for one that cannot be the best any more.
double sum_of_deviations(std::span<const LinePoint> points, const StraightLine& line, double limit) {
    double sum = 0;
    for (const LinePoint& point : points) {
        const double height = height_at(line, point.x);
        if (height <= 0) return limit;
        sum += std::abs(std::log(point.time / height));
        if (sum >= limit) return limit;
    }
    return sum;
}

/// Which points lines are drawn through: all, or evenly chosen ones with the first and the last.
std::vector<std::size_t> pivots_of(std::size_t count) {
    const std::size_t chosen = std::min(count, most_line_pivots);
    std::vector<std::size_t> pivots(chosen);
    for (std::size_t i = 0; i < chosen; ++i) pivots[i] = i * (count - 1) / (chosen - 1);
    return pivots;
}

}  // namespace

double above_line(const StraightLine& line, const LinePoint& point) {
    return point.time / height_at(line, point.x) - 1;
}

Result<StraightLine> fit_line(std::span<const LinePoint> points) {
    PASSBENCH_CHECK(require_points(points));
    const std::vector<std::size_t> pivots = pivots_of(points.size());
    StraightLine best{};
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < pivots.size(); ++i) {
        for (std::size_t j = i + 1; j < pivots.size(); ++j) {
            const StraightLine line = through(points[pivots[i]], points[pivots[j]]);
            const double sum = sum_of_deviations(points, line, least);
            if (sum >= least) continue;
            least = sum;
            best = line;
        }
    }
    return best;
}

}  // namespace passbench
