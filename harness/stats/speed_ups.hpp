// Speed-up (design.md sections 3 and 5): a cuda case against the best of the cpu cases that do the same work, within one arm, from
// pairs of blocks. The same work: the workload's parameters that both forms have are equal, and so is the work of an
// operation; cpu cases differ in threads, instruction set or library, of which the fastest counts, for a speed-up against a
// slow one is a lie.
#pragma once

#include <vector>

#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

/// In the order of the plan's cuda cases, for each that has such a cpu case, and each arm. Not for runs with a simulated device,
/// whose times are invented.
[[nodiscard]] std::vector<SpeedUp> find_speed_ups(const Plan& plan, const std::vector<BlockValue>& values,
                                                  double confidence);

}  // namespace passbench
