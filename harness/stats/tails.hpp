// The 99th percentile of the wall time in each block, for cases that are measured beside a load: the tail is where others are felt
// first. A block value like others, so that lines go through it (R8.1); an interval comes from the blocks alone, for iterations of
// one process are not independent.
#pragma once

#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/samples.hpp"
#include "harness/records/stats.hpp"
#include "harness/stats/arm_series.hpp"

namespace passbench {

inline constexpr std::string_view tail_metric = "wall.p99";
/// With fewer iterations in a block its 99th percentile would be the maximum.
inline constexpr std::int64_t least_tail_iterations = 100;

/// The tail of each block with enough iterations. Nothing where the plan has no load.
[[nodiscard]] Result<std::vector<BlockValue>> tails_of(const Plan& plan, const SampleReader& samples,
                                                       const ArmSeries& series);

}  // namespace passbench
