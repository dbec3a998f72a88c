// What must hold of a Hyper-V host whatever was called in whatever order: checked after every call, without a look at the rules that
// should see to it (rules.hpp).
#pragma once

#include <string>
#include <vector>

#include "host/simulated/simulated_state.hpp"

namespace passbench {

/// One sentence for each that does not hold; none on a host that could be real.
[[nodiscard]] std::vector<std::string> violations(const SimulatedState& state);

}  // namespace passbench
