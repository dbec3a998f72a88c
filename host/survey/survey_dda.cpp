#include "host/survey/survey_dda.hpp"

#include <array>
#include <optional>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"

namespace passbench {

namespace {

constexpr std::int64_t code_disabled = 22;  // CM_PROB_DISABLED
constexpr std::int64_t display_class = 3;
constexpr std::int64_t no_acs = 0;
enum DeviceType : std::int64_t { express_endpoint = 2, legacy_endpoint = 3, embedded_endpoint = 4, firmware_kept = 5 };

/// What a check says: a line, or none; and whether the script goes on after it.
struct Check {
    std::string line;
    std::optional<DdaVerdict> ends_with = {};
};

Check refused(std::string line) { return {.line = std::move(line), .ends_with = DdaVerdict::not_assignable}; }

Check not_surveyed(std::string_view key) {
    return {.line = fmt::format("The survey does not say {}; it may be assignable.", key),
            .ends_with = DdaVerdict::unknown};
}

Check reserved_memory(const Facts& device) {
    const auto reserved = fact_bool(device, device_key::reserved_memory);
    if (!reserved) return not_surveyed(device_key::reserved_memory);
    if (*reserved)
        return refused("BIOS requires that this device remain attached to BIOS-owned memory.  Not assignable.");
    return {};
}

Check redirected_traffic(const Facts& device) {
    const auto acs = fact_int(device, device_key::acs);
    if (!acs) return not_surveyed(device_key::acs);
    if (*acs == no_acs)
        return refused("Traffic from this device may be redirected to other devices in the system.  Not assignable.");
    return {};
}

Check endpoint_type(const Facts& device) {
    const auto type = fact_int(device, device_key::device_type);
    if (!type) return not_surveyed(device_key::device_type);
    switch (*type) {
        case express_endpoint:
            return {.line = "Express Endpoint -- more secure."};
        case embedded_endpoint:
            return {.line = "Embedded Endpoint -- less secure."};
        case legacy_endpoint:
            if (fact_int(device, device_key::base_class) == display_class)
                return {.line = "Legacy Express Endpoint -- graphics controller."};
            return refused("Legacy, non-VGA PCI device.  Not assignable.");
        case firmware_kept:
            return refused("BIOS kept control of PCI Express for this device.  Not assignable.");
        default:
            return refused("Old-style PCI device, switch port, etc.  Not assignable.");
    }
}

Check disabled(const Facts& device) {
    if (!is_disabled(device)) return {};
    return {.line =
                "Device is Disabled, unable to check resource requirements, it may be assignable.\n"
                "Enable the device and rerun this script to confirm.",
            .ends_with = DdaVerdict::unknown};
}

Check interrupts(const Facts& device) {
    const auto kind = fact_text(device, device_key::interrupts);
    if (!kind) return not_surveyed(device_key::interrupts);
    if (*kind == "none") return {.line = "    And it has no interrupts at all -- assignment can work."};
    if (*kind == "line") return refused("All of the interrupts are line-based, no assignment can work.");
    return {.line = "    And its interrupts are message-based, assignment can work."};
}

Check memory_ranges(const Facts& device) {
    constexpr std::int64_t mebibyte = 1 << 20;
    const auto below = fact_int(device, device_key::mmio32_bytes);
    const auto above = fact_int(device, device_key::mmio64_bytes);
    if (!below && !above) return not_surveyed(device_key::mmio64_bytes);
    // The whole ranges: the script leaves out the last byte of each, and rounds up (facts 2.6).
    const auto mib_of = [](std::int64_t bytes) { return bytes / mebibyte + (bytes % mebibyte > 0 ? 1 : 0); };
    const auto total = mib_of(below.value_or(0)) + mib_of(above.value_or(0));
    if (total <= 0) return {.line = "    And it has no MMIO space"};
    return {.line = fmt::format("    And it requires at least: {} MB of MMIO gap space", total)};
}

void add_lines(DeviceSurvey& survey, std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        survey.lines.emplace_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
}

}  // namespace

std::string_view to_string(DdaVerdict verdict) {
    switch (verdict) {
        case DdaVerdict::assignable:
            return "assignable";
        case DdaVerdict::not_assignable:
            return "not assignable";
        case DdaVerdict::unknown:
            return "unknown";
    }
    return "unknown";
}

bool is_disabled(const Facts& device) {
    return fact_int(device, device_key::problem) == code_disabled ||
           fact_text(device, device_key::state) == device_state::disabled;
}

DeviceSurvey survey_dda(const Facts& device, std::string_view location) {
    const auto state = fact_text(device, device_key::state).value_or("");
    if (state == device_state::dismounted || state.starts_with(device_state::vm_prefix)) {
        // The script lists what the host has (PCI\...), not what was taken from it (PCIP\...).
        return {.verdict = DdaVerdict::unknown, .lines = {"Taken from the host: not surveyed.", std::string(location)}};
    }
    constexpr std::array checks = {reserved_memory, redirected_traffic, endpoint_type,
                                   disabled,        interrupts,         memory_ranges};
    DeviceSurvey survey;
    for (const auto& check : checks) {
        const Check found = check(device);
        add_lines(survey, found.line);
        if (!found.ends_with) continue;
        survey.verdict = *found.ends_with;
        if (survey.verdict == DdaVerdict::unknown) survey.lines.emplace_back(location);
        return survey;
    }
    survey.verdict = DdaVerdict::assignable;
    survey.lines.emplace_back(location);
    return survey;
}

std::vector<std::string> survey_host(const Facts& host) {
    if (fact_bool(host, host_key::iov_support).value_or(true)) return {};
    std::vector<std::string> lines = {"Unfortunately, this machine doesn't support using them in a VM."};
    if (const auto reasons = fact_text(host, host_key::iov_reasons)) lines.push_back(*reasons);
    return lines;
}

}  // namespace passbench
