// What the workloads over a device's memory are compared with: what its memory can move at all, computed from what the driver says.
#pragma once

#include <cstdint>

#include "kernels/cuda/gpu.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// The physical limit of `bandwidth`: memory clock x 2 x bus width. None, and why, on a simulated device, where the footprint is
/// under 16 x the L2 cache, or where the driver does not tell.
[[nodiscard]] InstanceLimit device_memory_limit(const Gpu& gpu, std::int64_t footprint_bytes);

}  // namespace passbench
