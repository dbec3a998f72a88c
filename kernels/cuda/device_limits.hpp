// What several cuda forms are compared with: the device's memory and the link that it hangs on, as the device and the kernel
// describe them. Physical limits: more than 2 % above them is a fault of the measurement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernels/cuda/gpu.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// Why a footprint of this size says nothing about the device's memory, or nothing where it does: the rule is 16 x its L2 cache, more
/// than the 4 of CPUs, for an array that is a sixteenth hit still looks at most 7 % too fast.
[[nodiscard]] std::optional<std::string> too_small_for_device_memory(const Gpu& gpu, std::int64_t footprint_bytes);

/// Of `bandwidth`: memory clock x 2 x bus width. None, and why, where the device is simulated, does not tell these, or where
/// `footprint_bytes` are too small.
[[nodiscard]] InstanceLimit memory_clock_limit(const Gpu& gpu, std::int64_t footprint_bytes);

/// Of `bandwidth` across the bus, one direction at a time: the PCIe link before packet headers. None, and why, where the device is
/// simulated or this machine does not show the link.
[[nodiscard]] InstanceLimit pcie_link_limit(const Gpu& gpu);

}  // namespace passbench
