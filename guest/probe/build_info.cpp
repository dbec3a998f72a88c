#include "guest/probe/build_info.hpp"

#include <fmt/core.h>
#include <gnu/libc-version.h>
#include <nlohmann/json.hpp>

#include "guest/probe/source_revision.hpp"

namespace passbench {

BuildInfo build_info() {
    BuildInfo info;
    info.version = PASSBENCH_VERSION;
    info.source = source_revision();
    info.compiler = PASSBENCH_COMPILER;
    info.flags = PASSBENCH_FLAGS;
    info.build_type = PASSBENCH_BUILD_TYPE;
    info.libraries = fmt::format("glibc {}, libstdc++ {}, fmt {}.{}.{}, nlohmann-json {}.{}.{}", gnu_get_libc_version(),
                                 _GLIBCXX_RELEASE, FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100,
                                 NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
    return info;
}

}  // namespace passbench
