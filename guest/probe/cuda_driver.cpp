#include "guest/probe/cuda_driver.hpp"

#include <dlfcn.h>

#include "guest/probe/machine_files.hpp"
#include "kernels/cuda/driver_places.hpp"

namespace passbench {

CudaDriver load_cuda_driver() {
    CudaDriver driver;
    for (const char* place : driver_places) {
        void* library = dlopen(place, RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            const char* words = dlerror();
            if (driver.why.empty() && words != nullptr) driver.why = printable(words, 256);
            continue;
        }
        driver = {.loaded = true, .path = place, .version = 0, .why = {}};
        using GetVersion = int (*)(int*);
        // POSIX asks for this conversion of dlsym's result.
        const auto get_version = reinterpret_cast<GetVersion>(dlsym(library, "cuDriverGetVersion"));
        if (get_version != nullptr) get_version(&driver.version);
        // Never closed: drivers keep threads of their own, and this process is about to end anyway.
        return driver;
    }
    return driver;
}

}  // namespace passbench
