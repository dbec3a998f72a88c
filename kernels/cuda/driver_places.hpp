// Where a machine has the CUDA driver's library. Of no CUDA header, so that the probe can ask too.
#pragma once

#include <array>

namespace passbench {

#ifdef _WIN32
/// Where the loader looks: the display driver puts it beside the system's own.
inline constexpr std::array<const char*, 1> driver_places = {"nvcuda.dll"};
#else
/// In this order: where the loader looks, then where WSL2 and GPU-PV have it.
inline constexpr std::array<const char*, 2> driver_places = {"libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"};
#endif

}  // namespace passbench
