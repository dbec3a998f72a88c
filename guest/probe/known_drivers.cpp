#include "guest/probe/known_drivers.hpp"

#include <algorithm>
#include <charconv>

namespace passbench {
namespace {

/// "555.85" and "580.95.05" in their order; empty where it is no version.
std::vector<int> parts_of(std::string_view version) {
    std::vector<int> parts;
    while (!version.empty()) {
        int number = 0;
        const char* const end = version.data() + version.size();
        const auto [after, error] = std::from_chars(version.data(), end, number);
        if (error != std::errc() || (after != end && *after != '.')) return {};
        parts.push_back(number);
        version.remove_prefix(static_cast<std::size_t>(after - version.data()) + (after == end ? 0 : 1));
    }
    return parts;
}

}  // namespace

const std::vector<KnownDriver>& known_windows_drivers() {
    static const std::vector<KnownDriver> rows = {
        {"555.85", "555.99", "in containers CUDA does not start with it, for a library is not brought into them",
         "Use version 1.14.4 or later of NVIDIA's container toolkit, or another driver.",
         "github.com/NVIDIA/nvidia-container-toolkit/issues/520"},
        {"572.16", "572.16", "containers under WSL2 were seen to find no adapter with it",
         "Use another driver on the Windows host.", "github.com/open-webui/open-webui/issues/9185"},
    };
    return rows;
}

const KnownDriver* find_known_windows_driver(std::string_view version) {
    const std::vector<int> here = parts_of(version);
    const auto& rows = known_windows_drivers();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const KnownDriver& row) {
        return !here.empty() && parts_of(row.from) <= here && here <= parts_of(row.to);
    });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace passbench
