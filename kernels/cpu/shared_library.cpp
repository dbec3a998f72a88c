#include "kernels/cpu/shared_library.hpp"

#include <fmt/core.h>

namespace passbench {

Result<SharedLibrary> SharedLibrary::load(std::string_view name, const char* file, std::string_view fix) {
    // Not global: two libraries may bring the same name (OpenBLAS and another BLAS).
    const OpenLibrary library = open_shared_library(file);
    if (library.handle != nullptr) return SharedLibrary(name, library.handle);
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("{} does not load: {}", name, library.words.empty() ? file : library.words),
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
