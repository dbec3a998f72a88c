#include "kernels/emulation/own_symbols.hpp"

#include <dlfcn.h>

#include "kernels/emulation/simulation.h"

namespace passbench::emulation {

const void* own_symbol(const std::string& name) {
    static void* const self = [] {
        Dl_info info = {};
        // The library is loaded, so this finds it again by the name that it was loaded by.
        return dladdr(&passbench_simulated, &info) != 0 ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : nullptr;
    }();
    if (self == nullptr) return nullptr;
    void* address = dlsym(self, name.c_str());
    // dlsym looks into what the library needs, too: a name that another one exports is not ours.
    Dl_info ours = {};
    Dl_info found = {};
    if (address == nullptr || dladdr(&passbench_simulated, &ours) == 0 || dladdr(address, &found) == 0) return nullptr;
    return ours.dli_fbase == found.dli_fbase ? address : nullptr;
}

}  // namespace passbench::emulation
