// The functions of PassBench.psm1 as changes of a simulated host's state.
#pragma once

#include <string>
#include <variant>

#include "host/powershell/host_functions.hpp"
#include "host/simulated/simulated_state.hpp"

namespace passbench {

/// The JSON of a value, or why the host refused; the state is then as it was.
using ActionResult = std::variant<std::string, FunctionError>;

/// `arguments` is a JSON object. A function or an argument that there is not is refused too.
[[nodiscard]] ActionResult act(SimulatedState& state, const std::string& function, const std::string& arguments);

/// Gives a property its value, as a fact of the type that it had.
void put_fact(HostFacts& facts, const PendingChange& change);

/// Whether the function only looks.
[[nodiscard]] bool only_looks(const std::string& function);

}  // namespace passbench
