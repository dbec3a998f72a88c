#include "host/providers/hyperv_lease.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace passbench {
namespace {

constexpr std::array methods = {HypervMethod::dda, HypervMethod::gpupv, HypervMethod::native_windows};

bool is_plain(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '/';
}

std::string encoded(std::string_view text) {
    std::string result;
    for (const char byte : text) {
        result += is_plain(byte) ? std::string(1, byte) : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return result;
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/// Nothing where a % is not followed by two digits.
std::optional<std::string> decoded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result += text[at];
            continue;
        }
        if (at + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[at + 1]);
        const int low = hex_value(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return result;
}

Error no_lease(std::string_view name) {
    return {.code = ErrorCode::bad_record,
            .what = fmt::format("'{}' is no name of a lease on a Hyper-V host", name),
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
    if (!lease.vm.empty()) name += " vm=" + encoded(lease.vm);
    if (!lease.fixture.empty()) name += " fixture=" + encoded(lease.fixture);
    if (lease.force == ForcedDismount::consented) name += " force";
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
        const auto value = decoded(word.substr(std::min(word.size(), word.find('=') + 1)));
        if (!value) return fail(no_lease(name));
        if (word.starts_with("vm=")) {
            lease.vm = *value;
        } else if (word.starts_with("fixture=")) {
            lease.fixture = *value;
        } else if (word == "force") {
            lease.force = ForcedDismount::consented;
        } else {
            return fail(no_lease(name));
        }
    }
    return std::optional(lease);
}

}  // namespace passbench
