// Reading [load]: which load runs beside the cases, at which levels.
#pragma once

#include <vector>

#include "harness/scenario/fields.hpp"
#include "harness/scenario/scenario.hpp"

namespace passbench {

/// The loads above level 0 that the table names, in its order; none where there is no table. `scenario` has its cases and its
/// machine already: a load of the GPU needs a case that uses one, and no level is above `machine.vcpus`.
[[nodiscard]] std::vector<Load> read_loads(const Fields& top, const Scenario& scenario, Mistakes& mistakes);

}  // namespace passbench
