// What the leases of a run took, step by step.
#pragma once

#include <string>
#include <vector>

#include "harness/records/events.hpp"
#include "harness/records/host_times.hpp"

namespace passbench {

/// By arm: the sum of what preparing set, each of its sets in their order, then the same of giving back. Every lease that was acquired
/// counts, also of attempts that do not: what its trials came to has nothing to do with it.
[[nodiscard]] std::vector<HostTime> host_times(const std::vector<Event>& events, const std::vector<std::string>& arms,
                                               double confidence);

}  // namespace passbench
