// What `plan` and `run --dry-run` show: the plan, what it does otherwise than the scenario's words say, and the steps that it
// would take on the host.
#pragma once

#include <optional>
#include <vector>

#include "host/cli/read_inputs.hpp"
#include "host/cli/verbs.hpp"
#include "host/session/session.hpp"

namespace passbench {

/// `steps`: nothing where no machine was named.
[[nodiscard]] Answer plan_answer(const PlannedScenario& planned, double pair_sd,
                                 const std::optional<std::vector<ArmSteps>>& steps);

}  // namespace passbench
