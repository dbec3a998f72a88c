// Hyper-V's rules as the facts give them: what a host refuses and in which words. Each looks at the state alone, changes nothing and
// knows no provider. A comment names the section of the facts; where that section has no wording, the words are made up and the rule
// says so.
#pragma once

#include <optional>
#include <string>

#include "host/powershell/host_functions.hpp"
#include "host/simulated/simulated_state.hpp"

namespace passbench::rules {

/// Nothing: the host does it.
using Refusal = std::optional<FunctionError>;

[[nodiscard]] Refusal start(const SimulatedState& state, const std::string& vm);
/// A setting of a VM that exists; `property` is of vm_key.
[[nodiscard]] Refusal change_setting(const SimulatedState& state, const std::string& vm, const std::string& property);
[[nodiscard]] Refusal disable(const SimulatedState& state, const std::string& device);
[[nodiscard]] Refusal enable(const SimulatedState& state, const std::string& device);

/// How Dismount-VMHostAssignableDevice is called.
enum class Dismount { checked, forced };
[[nodiscard]] Refusal dismount(const SimulatedState& state, const std::string& device, Dismount how);
[[nodiscard]] Refusal mount(const SimulatedState& state, const std::string& device);
[[nodiscard]] Refusal assign(const SimulatedState& state, const std::string& device, const std::string& vm);
[[nodiscard]] Refusal take_back(const SimulatedState& state, const std::string& device, const std::string& vm);
[[nodiscard]] Refusal add_partition(const SimulatedState& state, const std::string& vm, const std::string& path);
[[nodiscard]] Refusal remove_partition(const SimulatedState& state, const std::string& vm);

}  // namespace passbench::rules
