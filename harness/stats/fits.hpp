// The lines of a run: for each group of cases that differ in one parameter alone, and each arm, one line a block (line.hpp)
// through the block values, then the median of each number over the blocks with its exact interval (R7.2), and the change
// against the reference from pairs of blocks (R9.1). Which workloads have a line is in the catalogue; every case that is measured
// beside a load has one over its levels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

/// The name that a case has in common with those that differ from it in this parameter (or load, "load.cpu") alone.
[[nodiscard]] std::string name_without(const PlannedCase& planned, std::string_view parameter);

/// In the order of the plan's cases. A line goes through every value of the parameter that at least half of the first look's
/// blocks have; a block without one of them has no line. Groups of fewer than three such values get the reason instead; a case
/// that differs from no other in the parameter is no group.
[[nodiscard]] std::vector<Fit> fit_lines(const Plan& plan, const std::vector<BlockValue>& values, double confidence);

}  // namespace passbench
