// What a guest's /dev and /proc show of NVIDIA's driver, and the finding that follows where CUDA does not work: one tree for the
// probe, which looks before anything runs, and for the driver layer, which meets the failure. Of no CUDA header.
#pragma once

#include <string_view>

namespace passbench {

struct DeviceFiles {
    bool dxg = false;            // /dev/dxg: GPU-PV or WSL2
    bool kernel_driver = false;  // /proc/driver/nvidia/version
    bool control_node = false;   // /dev/nvidiactl
    bool may_open = false;       // that node, for reading and writing
};

/// The finding where libcuda does not load.
[[nodiscard]] inline std::string_view why_no_library(const DeviceFiles& files) {
    if (files.dxg && !files.kernel_driver) return "gpu.dxg_without_library";
    return files.kernel_driver ? "gpu.no_library" : "gpu.no_driver";
}

/// The finding where libcuda loads and its device files stand in the way; empty where they do not.
[[nodiscard]] inline std::string_view why_device_files_fail(const DeviceFiles& files) {
    if (files.kernel_driver && !files.control_node) return "gpu.no_device_nodes";
    if (files.control_node && !files.may_open) return "gpu.no_permission";
    return {};
}

}  // namespace passbench
