#include "kernels/emulation/own_symbols.hpp"

#include <dlfcn.h>

namespace passbench::emulation {

namespace {

/// Where this library lies. Asked of something that it does not export: of what it exports, a program that is linked with it
/// may have a copy of its own.
const Dl_info& own_place() {
    static const Dl_info place = [] {
        static const char anchor = 0;
        Dl_info info = {};
        dladdr(&anchor, &info);
        return info;
    }();
    return place;
}

}  // namespace

const char* own_file() { return own_place().dli_fname; }

const void* own_symbol(const std::string& name) {
    // The library is loaded, so this finds it again by the name that it was loaded by.
    static void* const self = dlopen(own_file(), RTLD_LAZY | RTLD_NOLOAD);
    if (self == nullptr) return nullptr;
    void* address = dlsym(self, name.c_str());
    // dlsym looks into what the library needs, too: a name that another one exports is not ours.
    Dl_info found = {};
    if (address == nullptr || dladdr(address, &found) == 0) return nullptr;
    return own_place().dli_fbase == found.dli_fbase ? address : nullptr;
}

}  // namespace passbench::emulation
