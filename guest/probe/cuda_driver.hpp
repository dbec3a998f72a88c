// Whether the CUDA driver library loads here, and its version. Loaded at run time alone (design.md section 11), so that the
// agent starts on every guest and says plainly why there is no GPU.
#pragma once

#include <string>

namespace passbench {

struct CudaDriver {
    bool loaded = false;
    std::string path;  // the name by which it was found
    int version = 0;   // of the driver API as cuDriverGetVersion says it: 13000 is 13.0
    std::string why;   // the loader's words where it did not load
};

/// Tries libcuda.so.1 where the loader looks, then in /usr/lib/wsl/lib. Asks for the version only; makes no context.
[[nodiscard]] CudaDriver load_cuda_driver();

}  // namespace passbench
