// The negative control (R2.1): on the same silicon the device time of the control workloads does not change between native,
// DDA and GPU-PV. Where it does, clocks or memory differed and no overhead can be told: the gates are `confounded`.
#pragma once

#include <optional>
#include <string>

#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

/// Memory bandwidth, peak arithmetic and loads from anywhere on the card (rows 8, 9 and 15 of the list of workloads), with nothing
/// running beside them.
[[nodiscard]] bool is_control(const PlannedCase& planned);

/// A sentence naming the control whose interval against the reference excludes +-1 %, for this arm; nothing where all agree,
/// there is none, or the factor under test may change device times.
[[nodiscard]] std::optional<std::string> why_confounded(const Plan& plan, const Stats& stats, const std::string& arm);

}  // namespace passbench
