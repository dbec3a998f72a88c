// What EFLOW's module refuses and in which words (facts 1.3, 1.6, 6.1). As rules.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/simulated/rules.hpp"

namespace passbench::rules {

/// What Set-EflowVM and Deploy-Eflow are given; an empty type is a machine without a card.
struct EflowArguments {
    std::int64_t cpu_count = 1;
    std::int64_t memory_mb = 1024;
    std::string gpu_type;
    std::string gpu_name;
    std::int64_t gpu_count = 0;
};

/// What Provision-EflowVm is given: of the texts only which of them there are.
struct EflowProvisioningArguments {
    std::string type;
    std::vector<std::string> keys;
    std::string secret_variable;
};

[[nodiscard]] Refusal deploy(const SimulatedState& state, const EflowArguments& arguments);
[[nodiscard]] Refusal change_eflow(const SimulatedState& state, const EflowArguments& arguments);
[[nodiscard]] Refusal start_eflow(const SimulatedState& state);
[[nodiscard]] Refusal stop_eflow(const SimulatedState& state);
/// Whatever reaches into the machine through SSH.
[[nodiscard]] Refusal reach_eflow(const SimulatedState& state);
[[nodiscard]] Refusal provision(const SimulatedState& state, const EflowProvisioningArguments& arguments);
/// Copy-EflowVmFile.
[[nodiscard]] Refusal copy_to_eflow(const SimulatedState& state);

}  // namespace passbench::rules
