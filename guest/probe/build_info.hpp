// How this binary was made: the source revision (the agent's identity, R14.1), compiler, flags and library versions (R14.3).
#pragma once

#include <string>
#include <string_view>

namespace passbench {

struct BuildInfo {
    std::string_view version;  // of passbench
    std::string_view source;   // git describe, with -dirty where files differed; "unknown" outside a git checkout
    std::string_view compiler;
    std::string_view flags;
    std::string_view build_type;  // with the sanitizers, where there are some
    std::string libraries;        // "glibc 2.36, libstdc++ 12, fmt 9.1.0, ..."
};
[[nodiscard]] BuildInfo build_info();

}  // namespace passbench
