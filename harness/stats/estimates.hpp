// From block values to what is said of a metric: the value in one arm with the interval of its median (R7.2), and the change
// of an arm against the reference from pairs of blocks (R9.1). Internal to this room.
#pragma once

#include <string_view>

#include "harness/stats/arm_series.hpp"

namespace passbench {

/// Under this share of a measured peak a value is flagged (toolchain.md: a library's default can be a half of the machine).
inline constexpr double low_share_of_peak = 0.70;
/// Above a physical limit by more than this a value cannot be true (design.md section 6).
inline constexpr double impossible_share = 1.02;
/// A difference has to be this many steps of the timer (R9.7).
inline constexpr double floor_in_timer_steps = 5;

/// Median of the block values, interval, share of the limit and flags; without a value, why.
[[nodiscard]] Estimate arm_estimate(const PlannedCase& planned, const Metric& metric, const ArmSeries& series,
                                    double confidence);

/// Relative change of `series` against `reference`, positive = worse, from the blocks that both have. A gated metric is
/// tested at its share of alpha, others at 95 %.
[[nodiscard]] Estimate paired_estimate(const Plan& plan, const PlannedCase& planned, const Metric& metric,
                                       const ArmSeries& series, const ArmSeries& reference);

/// ln(value / reference), its sign changed where higher is better: positive = worse. Both positive.
[[nodiscard]] double worse_by(const Metric& metric, double value, double reference);

}  // namespace passbench
