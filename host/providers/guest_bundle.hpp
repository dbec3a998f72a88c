// What a guest on another machine is given, as it lies on this one: the agent beside the running program, the CPU libraries of the
// guest bundle where that was made (scripts/bundle.sh), and the stand-ins of this build for a simulated lab.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/core/result.hpp"
#include "host/carriers/ssh_carrier.hpp"

namespace passbench {

/// The agent, as passbench-agent, and below lib/ the libraries that it looks for there. `agent` empty: the one beside the running
/// program, else the bundle's own. Error `agent_lost` where there is none.
[[nodiscard]] Result<std::vector<BundleFile>> guest_bundle(const std::filesystem::path& agent);

/// The stand-in CUDA driver (libcuda.so.1) and NVML (libnvidia-ml.so.1). Error `unsupported` where this build has none.
[[nodiscard]] Result<std::vector<BundleFile>> stand_in_bundle();

}  // namespace passbench
