#include "host/providers/hyperv_lease.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "harness/catalogue/case.hpp"
#include "host/providers/ssh_lease_name.hpp"

namespace passbench {
namespace {

constexpr std::array methods = {HypervMethod::dda, HypervMethod::gpupv, HypervMethod::native_windows,
                                HypervMethod::wsl};

Error no_lease(std::string_view name) {
    return {.code = ErrorCode::bad_record,
            .what = fmt::format("'{}' is no name of a lease on a Windows host", name),
            .where = "provider",
            .fix = "Release it with the passbench that began it."};
}

}  // namespace

std::string_view to_string(HypervMethod method) {
    switch (method) {
        case HypervMethod::dda:
            return "hyperv_dda";
        case HypervMethod::gpupv:
            return "hyperv_gpupv";
        case HypervMethod::native_windows:
            return "native_windows";
        case HypervMethod::wsl:
            return "wsl";
    }
    return "";
}

std::optional<HypervMethod> hyperv_method_named(std::string_view provider) {
    const auto found =
        std::find_if(methods.begin(), methods.end(), [&](HypervMethod each) { return to_string(each) == provider; });
    return found == methods.end() ? std::nullopt : std::optional(*found);
}

std::string to_string(const HypervLease& lease) {
    std::string name(to_string(lease.method));
    if (!lease.vm.empty()) name += " vm=" + percent_encoded(lease.vm);
    if (!lease.fixture.empty()) name += " fixture=" + percent_encoded(lease.fixture);
    if (lease.force == ForcedDismount::consented) name += " force";
    for (const std::string& word : lease.interpreter) name += " interpreter=" + percent_encoded(word);
    if (lease.guest) name += " guest=" + percent_encoded(to_string(SshLease{.settings = *lease.guest}));
    return name;
}

Result<std::optional<HypervLease>> parse_hyperv_lease(std::string_view name) {
    const std::string_view first = name.substr(0, name.find(' '));
    const auto method = hyperv_method_named(first);
    if (!method) return std::optional<HypervLease>();
    HypervLease lease{.method = *method};
    std::string_view rest = name.substr(first.size());
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size());
        const auto value = percent_decoded(word.substr(std::min(word.size(), word.find('=') + 1)));
        if (!value) return fail(no_lease(name));
        if (word.starts_with("vm=")) {
            lease.vm = *value;
        } else if (word.starts_with("fixture=")) {
            lease.fixture = *value;
        } else if (word == "force") {
            lease.force = ForcedDismount::consented;
        } else if (word.starts_with("interpreter=")) {
            lease.interpreter.push_back(*value);
        } else if (word.starts_with("guest=")) {
            PASSBENCH_TRY(SshLease guest, parse_ssh_lease(*value));
            lease.guest = std::move(guest.settings);
        } else {
            return fail(no_lease(name));
        }
    }
    return std::optional(lease);
}

}  // namespace passbench
