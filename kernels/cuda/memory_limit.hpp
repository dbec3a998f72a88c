// What the workloads over a device's memory are compared with: what its memory can move at all, computed from what the driver says.
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

/// The physical limit of `bandwidth`: memory clock x 2 x bus width. None, and why, on a simulated device, where the footprint is
/// under 16 x the L2 cache, or where the driver does not tell.
[[nodiscard]] InstanceLimit device_memory_limit(const Gpu& gpu, std::int64_t footprint_bytes);

}  // namespace passbench
