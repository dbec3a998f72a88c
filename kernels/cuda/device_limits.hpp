// What several cuda forms are compared with: the device's memory, as the device describes it. A physical limit: more than 2 % above it
// is a fault of the measurement. That of the link is in transfers.hpp.
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

}  // namespace passbench
