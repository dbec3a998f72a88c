// A library that is looked for when it is needed and never linked: a guest that lacks it, or whose C library is too old for it,
// loses the cases that use it and nothing else (design.md section 11). The bundle's libraries are found in lib/ beside the
// program (its RPATH; cmake/PassbenchTargets.cmake), others where the system's loader looks. Not for the CUDA driver, which has
// places of its own.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/open_library.hpp"
#include "harness/core/result.hpp"

namespace passbench {

/// What to do where a library of the bundle is missing.
inline constexpr std::string_view how_to_get_cpu_libraries =
    "scripts/setup.sh fetches the CPU libraries into the build, and scripts/bundle.sh puts them into lib/ beside the "
    "agent of a "
    "guest.";

class SharedLibrary {
public:
    /// `name` is for messages ("oneDNN"), `file` what programs ask for ("libdnnl.so.3"), `fix` what to do where it is missing. It stays
    /// loaded until the process ends, for libraries keep threads of their own, and is loaded once however often it is asked
    /// for. Error `unsupported` with the loader's words.
    [[nodiscard]] static Result<SharedLibrary> load(std::string_view name, const char* file,
                                                    std::string_view fix = how_to_get_cpu_libraries);

    /// What the library, or one that it needs, exports under this name: a pointer to a function or a variable; nullptr where there is
    /// none.
    template <typename Pointer>
    [[nodiscard]] Pointer find(const char* symbol) const {
        return passbench::symbol<Pointer>(handle_, symbol);
    }
    /// The same; error `unsupported` naming the symbol where there is none.
    template <typename Pointer>
    [[nodiscard]] Result<Pointer> require(const char* symbol) const {
        const auto found = find<Pointer>(symbol);
        if (found == nullptr) return fail(without(symbol));
        return found;
    }

private:
    SharedLibrary(std::string_view name, void* handle) : name_(name), handle_(handle) {}
    [[nodiscard]] Error without(std::string_view symbol) const;

    std::string name_;
    void* handle_;
};

}  // namespace passbench
