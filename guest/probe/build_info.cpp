#include "guest/probe/build_info.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#ifndef _WIN32
#include <gnu/libc-version.h>
#endif

#include "guest/probe/source_revision.hpp"

namespace passbench {

namespace {

std::string c_library() {
#ifdef _WIN32
    return fmt::format("mingw-w64 {}.{}", __MINGW64_VERSION_MAJOR, __MINGW64_VERSION_MINOR);
#else
    return fmt::format("glibc {}", gnu_get_libc_version());
#endif
}

}  // namespace

BuildInfo build_info() {
    BuildInfo info;
    info.version = PASSBENCH_VERSION;
    info.source = source_revision();
    info.compiler = PASSBENCH_COMPILER;
    info.flags = PASSBENCH_FLAGS;
    info.build_type = PASSBENCH_BUILD_TYPE;
    info.libraries = fmt::format("{}, libstdc++ {}, fmt {}.{}.{}, nlohmann-json {}.{}.{}", c_library(),
                                 _GLIBCXX_RELEASE, FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100,
                                 NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
    return info;
}

}  // namespace passbench
