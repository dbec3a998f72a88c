// The steps that a run takes on the host, as `plan` and `run --dry-run` show them.
#pragma once

#include <string>
#include <vector>

#include "host/engine/step.hpp"

namespace passbench {

/// "Steps on the host" and a line a step with its reason; says so where there is none.
[[nodiscard]] std::string text_of(const std::vector<Step>& steps);

}  // namespace passbench
