// A shared library opened at run time, the same on Linux (dlopen) and Windows (LoadLibraryW): what the driver layer and the probe
// look for the CUDA driver and its neighbours with. Of no CUDA header.
#pragma once

#include <string>

namespace passbench {

struct OpenLibrary {
    void* handle = nullptr;  // never closed: drivers and others keep threads of their own
    std::string words = {};  // the loader's, where it did not load
};

/// By a name that the system's loader looks for, or by a path (UTF-8).
[[nodiscard]] OpenLibrary open_shared_library(const std::string& place);

/// A function or variable of an open library; nullptr where it has none of this name.
[[nodiscard]] void* find_symbol(void* library, const char* name);

template <typename Pointer>
[[nodiscard]] Pointer symbol(void* library, const char* name) {
    // Both systems ask for this conversion of what their loader returns.
    return reinterpret_cast<Pointer>(find_symbol(library, name));
}

}  // namespace passbench
