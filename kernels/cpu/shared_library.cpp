#include "kernels/cpu/shared_library.hpp"

#include <fmt/core.h>

namespace passbench {

Result<SharedLibrary> SharedLibrary::load(std::string_view name, const char* file, std::string_view fix) {
    // Not global: two libraries may bring the same name (OpenBLAS and another BLAS).
    void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr) return SharedLibrary(name, handle);
    const char* const words = dlerror();
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("{} does not load: {}", name, words == nullptr ? file : words),
                 .where = file,
                 .fix = std::string(fix)});
}

Error SharedLibrary::without(std::string_view symbol) const {
    return {.code = ErrorCode::unsupported,
            .what = fmt::format("{} loads and has no {}: it is another version than this program knows", name_, symbol),
            .where = name_,
            .fix = "Take the version of it that passbench help names for the workload."};
}

}  // namespace passbench
