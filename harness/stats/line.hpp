// A straight line through times that span many powers of ten: the least sum of |ln(time / line)|. Logs of the accuracy ratio
// (Tofallis, Journal of the Operational Research Society 66, 2015) make a copy of 4 bytes count as much as one of 1 GiB, and
// twice as long as much as half as long; absolute deviations instead of squares keep one kink (another protocol, another cache)
// from moving the line, however far off it is. Such a line passes through two of the points, so the best of all lines through
// two of them is taken (elemental sets: Rousseeuw and Leroy, Robust Regression and Outlier Detection, 1987): exactly, without
// a start value, and the same on every machine.
#pragma once

#include <cstddef>
#include <span>

#include "harness/core/result.hpp"

namespace passbench {

struct LinePoint {
    double x;
    double time;
};

struct StraightLine {
    double intercept;
    double slope;
};

/// Fewer points would always lie on their line.
inline constexpr std::size_t least_line_points = 3;
/// Where there are more points, lines are drawn through this many of them, evenly chosen, and held against all.
inline constexpr std::size_t most_line_pivots = 64;

/// Above zero at every point. Of lines that are equally good the first, in the order of `points` (ascending in x). Error `usage`
/// where the points are fewer than three, not ascending, or have a time that is not finite and above zero.
[[nodiscard]] Result<StraightLine> fit_line(std::span<const LinePoint> points);

/// time / line - 1: 0.1 where the time is a tenth above the line.
[[nodiscard]] double above_line(const StraightLine& line, const LinePoint& point);

}  // namespace passbench
