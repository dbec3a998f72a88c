// Where a guest has the CUDA driver's library. Of no CUDA header, so that the probe can ask too.
#pragma once

#include <array>

namespace passbench {

/// In this order: where the loader looks, then where WSL2 and GPU-PV have it.
inline constexpr std::array<const char*, 2> driver_places = {"libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"};

}  // namespace passbench
