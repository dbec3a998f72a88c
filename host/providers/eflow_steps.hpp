// The steps by which EFLOW's virtual machine gets a card, and is made where there is none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/eflow_settings.hpp"
#include "host/engine/step.hpp"
#include "host/providers/hyperv_steps.hpp"

namespace passbench {

/// As Set-EflowVM's -gpuPassthroughType has them.
enum class EflowPassthrough { whole, shared };

/// What the machine has of a card: the arguments of Set-EflowVM as one value, "DirectDeviceAssignment:1:NVIDIA A2"; "none".
struct EflowGpu {
    std::string type = {};  // "" without a card
    std::string count = "0";
    std::string name = {};
};
[[nodiscard]] std::string to_string(const EflowGpu& gpu);
/// Without a card where the text is none of these.
[[nodiscard]] EflowGpu parse_eflow_gpu(std::string_view text);

/// Whether the machine has the card that is meant, by this way: the host's own survey then tells of it only that it is gone.
[[nodiscard]] bool has_card_in_eflow(const HostFacts& facts, const std::string& gpu, EflowPassthrough how);

/// Errors: `precondition` where there is no machine and `settings` do not say to deploy one, or it runs and may not be stopped.
[[nodiscard]] Result<std::vector<Step>> eflow_steps(const HostFacts& facts, const HypervDemand& demand,
                                                    EflowPassthrough how, const EflowSettings& settings,
                                                    const std::string& container_image = "");

/// What the container of the agent is given, as the createOptions of a module in a deployment of IoT Edge have it (facts 1.5). Measuring
/// needs no hub: the machine's own docker is told the same.
inline constexpr std::string_view eflow_create_options =
    R"json({"HostConfig":{"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}]}})json";

}  // namespace passbench
