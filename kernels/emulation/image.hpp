// Images of kernels, as modules and libraries are loaded from. They are only checked for being fatbins: what is run are the
// kernels that g++ has compiled into this library.
#pragma once

#include <cuda.h>

#include "kernels/emulation/kernel_entry.hpp"

namespace passbench::emulation {

/// CUDA_SUCCESS, or why an image would not be loaded.
[[nodiscard]] CUresult check_image(const void* image);

/// Null where there is no kernel of this name.
[[nodiscard]] const KernelEntry* find_kernel(const char* name);

}  // namespace passbench::emulation
