// The groups of facts that describe() puts together, a file each.
#pragma once

#include "guest/probe/probe.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

// cpu_facts.cpp
[[nodiscard]] Facts cpu_identity(const Machine& machine);
[[nodiscard]] Facts cpu_context(const Machine& machine);
[[nodiscard]] Facts cpu_capabilities(const Machine& machine);
[[nodiscard]] Facts library_capabilities(const Machine& machine);

// system_facts.cpp
[[nodiscard]] Facts system_context(const Machine& machine);
[[nodiscard]] Facts build_context();

// gpu_facts.cpp
[[nodiscard]] Facts gpu_identity(const Machine& machine);
[[nodiscard]] Facts gpu_context(const Machine& machine);
[[nodiscard]] Facts gpu_capabilities(const Machine& machine);
/// On the PCI bus.
[[nodiscard]] bool has_nvidia_card(const MachineFiles& files);

// passthrough_facts.cpp
[[nodiscard]] Facts passthrough_context(const Machine& machine);

// disturbance_facts.cpp
[[nodiscard]] Facts disturbance_facts(const Machine& machine);

}  // namespace passbench
