// The steps that give a card to a VM, as facts 2.3 (DDA) and 3.2 to 3.4 (GPU-PV) order them: from a survey and a demand alone.
// Restoring them in reverse is facts 2.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// What is asked of a Hyper-V host.
struct HypervDemand {
    std::string vm;            // a VM of this host, by its name
    std::string gpu;           // words of the card's name ("T4"), or its LOCATION; "": the only NVIDIA card there is
    bool may_stop_vm = false;  // a VM that runs may be shut down, and is started again afterwards
    std::optional<std::int64_t> processors = {};
    std::optional<std::int64_t> memory_bytes = {};
};

/// The resource of the VM that is meant ("vm/lab-guest"). Error `usage`: there is none of this name, or not just one.
[[nodiscard]] Result<std::string> find_vm(const HostFacts& facts, const std::string& name);

/// The resource of the card that is meant ("gpu/PCIROOT(0)#PCI(0300)#PCI(0000)"). Error `precondition`: there is none, or more than
/// one, by name and location.
[[nodiscard]] Result<std::string> find_card(const HostFacts& facts, const std::string& gpu);

/// Of a host and a card that can do it (host/survey/methods.hpp). Errors: `precondition` where they are not in a state to begin from, `busy`
/// for a card that another VM has, `usage` for a VM that is not there; each with what to do.
[[nodiscard]] Result<std::vector<Step>> dda_steps(const HostFacts& facts, const HypervDemand& demand);
[[nodiscard]] Result<std::vector<Step>> gpupv_steps(const HostFacts& facts, const HypervDemand& demand);

}  // namespace passbench
