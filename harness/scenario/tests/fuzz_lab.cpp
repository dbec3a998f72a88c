// Any bytes: a lab whose arms have a known provider and slowdowns within their limits, or mistakes that each say what, where and what to do.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/scenario/lab.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr std::array<std::string_view, 10> providers = {"local",          "native",     "auto",         "ssh",
                                                        "native_windows", "hyperv_dda", "hyperv_gpupv", "eflow_dda",
                                                        "eflow_gpupv",    "wsl"};

bool is_slowdown(double fraction) { return fraction >= 0 && fraction <= 10; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lab = passbench::parse_lab(text, "fuzz.toml");
    if (lab) {
        for (const auto& [name, binding] : lab->arms) {
            require(std::ranges::find(providers, binding.provider) != providers.end());
            require(is_slowdown(binding.inject_host) && is_slowdown(binding.inject_device));
        }
        return 0;
    }
    require(!lab.error().empty() && lab.error().size() <= passbench::max_reported_mistakes + 1);
    for (const passbench::Error& error : lab.error()) {
        require(!error.what.empty() && error.where.starts_with("fuzz.toml") && !error.fix.empty());
    }
    return 0;
}
