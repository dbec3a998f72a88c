#include "guest/probe/cuda_driver.hpp"

#include "guest/probe/machine_files.hpp"
#include "harness/core/open_library.hpp"
#include "kernels/cuda/driver_places.hpp"

namespace passbench {

CudaDriver load_cuda_driver() {
    CudaDriver driver;
    for (const char* place : driver_places) {
        const OpenLibrary library = open_shared_library(place);
        if (library.handle == nullptr) {
            if (driver.why.empty()) driver.why = printable(library.words, 256);
            continue;
        }
        driver = {.loaded = true, .path = place, .version = 0, .why = {}};
        using GetVersion = int (*)(int*);
        const auto get_version = symbol<GetVersion>(library.handle, "cuDriverGetVersion");
        if (get_version != nullptr) get_version(&driver.version);
        // Never closed: drivers keep threads of their own, and this process is about to end anyway.
        return driver;
    }
    return driver;
}

}  // namespace passbench
