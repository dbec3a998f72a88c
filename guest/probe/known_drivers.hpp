// Versions of NVIDIA's Windows driver that are known to spoil what guests measure under GPU-PV and WSL2, as data: a row is a range of
// versions and says where it is from.
#pragma once

#include <string_view>
#include <vector>

namespace passbench {

struct KnownDriver {
    std::string_view from;  // "555.85"
    std::string_view to;    // the last that is affected
    std::string_view what;
    std::string_view fix;
    std::string_view source;
};

[[nodiscard]] const std::vector<KnownDriver>& known_windows_drivers();

/// The row that a version lies in; nothing where it is in none, or is no version.
[[nodiscard]] const KnownDriver* find_known_windows_driver(std::string_view version);

}  // namespace passbench
