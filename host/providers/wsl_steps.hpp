// The steps by which WSL shows a card to one of its distributions, and how it is found. Pure. WSL shares all cards of the host by itself; what
// is set is the size of its virtual machine, and that it may share them.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/step.hpp"
#include "host/providers/hyperv_steps.hpp"

namespace passbench {

/// The resource of the distribution that is meant ("wsl/Ubuntu-22.04"); "": the default one. Errors: `usage` where there is none of this name,
/// `precondition` where it is one of WSL 1, which has no virtual machine and no card.
[[nodiscard]] Result<std::string> find_distribution(const HostFacts& facts, const std::string& name);

/// `demand.vm` is the distribution. Error `precondition`: it, or another, runs, and may not be stopped for what has to be set.
[[nodiscard]] Result<std::vector<Step>> wsl_steps(const HostFacts& facts, const HypervDemand& demand);

}  // namespace passbench
