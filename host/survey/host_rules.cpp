// What Windows has to be, to have and to run.
#include <string>
#include <vector>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/rules.hpp"

namespace passbench {

namespace {

std::string listed_in_words(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t index = 0; index < words.size(); ++index) {
        if (index > 0) text += index + 1 == words.size() ? " and " : ", ";
        text += words[index];
    }
    return text;
}

/// What the rules of a method cannot do without; of the rest a card or a host may well say nothing.
std::vector<std::string_view> needed_of_host(Method method) {
    switch (method) {
        case Method::dda:
            return {host_key::product_type, host_key::nested,   host_key::iov_support,
                    host_key::address_bits, host_key::elevated, "feature.hyperv"};
        case Method::gpupv:
            return {host_key::product_type, host_key::nested,   host_key::memory_bytes,
                    host_key::address_bits, host_key::elevated, "feature.hyperv"};
        case Method::eflow_dda:
            return {host_key::product_type, host_key::edition,  host_key::nested,
                    host_key::iov_support,  host_key::elevated, "feature.hyperv"};
        case Method::eflow_gpupv:
            return {host_key::product_type, host_key::edition,  host_key::nested,
                    host_key::memory_bytes, host_key::elevated, "feature.hyperv"};
        case Method::wsl:
            return {host_key::product_type, host_key::nested, host_key::memory_bytes, "feature.vm_platform"};
        case Method::native_windows:
            return {};
    }
    return {};
}

std::vector<std::string_view> needed_of_gpu(const Inspection& in) {
    const bool is_on_host =
        fact_text(in.gpu, device_key::state).value_or(std::string(device_state::host)) == device_state::host;
    switch (in.method) {
        case Method::dda:
            return {device_key::state, device_key::mmio64_bytes, device_key::boot_display, device_key::mitigation};
        case Method::eflow_dda:
            return {device_key::state, device_key::boot_display, device_key::mitigation};
        case Method::gpupv:
        case Method::eflow_gpupv:
        case Method::wsl:
            if (!is_on_host || !fact_text(in.gpu, device_key::driver_version)) return {device_key::state};
            return {device_key::state, device_key::driver_wsl, device_key::driver_model, device_key::vram_bytes};
        case Method::native_windows:
            return {};
    }
    return {};
}

std::optional<RuleVerdict> check_complete_survey(const Inspection& in) {
    std::vector<std::string> absent;
    for (const auto key : needed_of_host(in.method)) {
        if (!in.host.contains(key)) absent.emplace_back(key);
    }
    for (const auto key : needed_of_gpu(in)) {
        if (!in.gpu.contains(key)) absent.emplace_back(key);
    }
    if (absent.empty()) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what = fmt::format("The survey does not say {}: what depends on it was not checked.", listed_in_words(absent)),
        .fix = "Survey the host again as administrator: passbench doctor --save FILE."};
}

bool is_guest(const Inspection& in) { return fact_bool(in.host, host_key::nested).value_or(false); }

std::optional<RuleVerdict> check_nested(const Inspection& in) {
    if (!is_guest(in)) return std::nullopt;
    return RuleVerdict{.what = "This host is a virtual machine itself, and a GPU cannot be passed on from there.",
                       .fix = "Run passbench on the machine that this one is a guest of."};
}

std::optional<RuleVerdict> check_nested_native(const Inspection& in) {
    if (!is_guest(in)) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what =
            "This host is a virtual machine: its card is passed through to it, and its values are not those of "
            "the bare machine.",
        .fix = "Take no overhead against them; measure native_windows on the machine that this one is a guest of."};
}

std::optional<RuleVerdict> check_elevated(const Inspection& in) {
    if (fact_bool(in.host, host_key::elevated).value_or(true)) return std::nullopt;
    return RuleVerdict{.what = "The survey was made without the rights of an administrator, which this method needs.",
                       .fix = "Start passbench from an elevated prompt (Run as administrator)."};
}

struct Feature {
    std::string_view word;  // behind "feature."
    std::string_view name;
    std::string_view on_client;  // what to type there
    std::string_view on_server;
};

constexpr Feature hyperv = {"hyperv", "Hyper-V",
                            "Enable-WindowsOptionalFeature -Online -All -FeatureName Microsoft-Hyper-V",
                            "Install-WindowsFeature -Name Hyper-V -IncludeManagementTools"};
constexpr Feature hyperv_powershell = {
    "hyperv_powershell", "the Hyper-V module for PowerShell",
    "Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V-Management-PowerShell",
    "Install-WindowsFeature -Name Hyper-V-PowerShell"};
constexpr Feature vm_platform = {"vm_platform", "the Virtual Machine Platform",
                                 "Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform",
                                 "Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform"};
constexpr Feature openssh_client = {"openssh_client", "the OpenSSH client",
                                    "Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0",
                                    "Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0"};

std::vector<Feature> features_of(Method method) {
    switch (method) {
        case Method::dda:
        case Method::gpupv:
            return {hyperv, hyperv_powershell};
        case Method::eflow_dda:
        case Method::eflow_gpupv:
            return {hyperv, hyperv_powershell, vm_platform, openssh_client};
        case Method::wsl:
            return {vm_platform};
        case Method::native_windows:
            return {};
    }
    return {};
}

std::optional<RuleVerdict> check_features(const Inspection& in) {
    std::vector<std::string> missing;
    std::string commands;
    for (const auto& feature : features_of(in.method)) {
        const auto key = std::string(host_key::feature_prefix).append(feature.word);
        if (fact_bool(in.host, key).value_or(true)) continue;
        missing.emplace_back(feature.name);
        commands +=
            (commands.empty() ? "" : "; ") + std::string(in.is_server() ? feature.on_server : feature.on_client);
    }
    if (missing.empty()) return std::nullopt;
    return RuleVerdict{.what = fmt::format("Windows lacks {}.", listed_in_words(missing)),
                       .fix = fmt::format("As administrator: {} - then restart the host.", commands)};
}

std::vector<std::string_view> services_of(const Inspection& in) {
    switch (in.method) {
        case Method::dda:
        case Method::gpupv:
            return {"vmms"};
        case Method::eflow_dda:
        case Method::eflow_gpupv:
            return {"vmms", "vmcompute", "hvhost", "wssdagent"};
        case Method::wsl:
            return {"vmcompute"};
        case Method::native_windows:
            return {};
    }
    return {};
}

std::optional<RuleVerdict> check_services(const Inspection& in) {
    std::vector<std::string> stopped;
    for (const auto service : services_of(in)) {
        const auto state = fact_text(in.host, std::string(host_key::service_prefix).append(service));
        if (state && *state != "running") stopped.emplace_back(service);
    }
    if (stopped.empty()) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("What has to run on the host does not: {}.", listed_in_words(stopped)),
        .fix = fmt::format("As administrator: Start-Service {}; where it does not stay up, see the Windows event "
                           "log, and that virtualization is on in the firmware.",
                           listed_in_words(stopped))};
}

constexpr std::string_view eflow_prerequisites = "Microsoft: prerequisites of Azure IoT Edge for Linux on Windows";

}  // namespace

const MethodRule rule::complete_survey = {.name = "survey.complete",
                                          .facts = "8",
                                          .source = "passbench: what the rules look at",
                                          .promise = "The survey holds what the other rules look at.",
                                          .check = check_complete_survey};
const MethodRule rule::nested = {.name = "host.nested",
                                 .facts = "1.1",
                                 .source = "Microsoft: GPU acceleration for Azure IoT Edge for Linux on Windows",
                                 .promise = "The host is no virtual machine itself.",
                                 .check = check_nested,
                                 .closes = true};
const MethodRule rule::nested_native = {.name = "host.nested_native",
                                        .facts = "8",
                                        .source = "passbench: what a reference is",
                                        .promise = "What is called native is measured on the bare machine.",
                                        .check = check_nested_native};
const MethodRule rule::elevated = {.name = "host.elevated",
                                   .facts = "1.2",
                                   .source = eflow_prerequisites,
                                   .promise = "passbench has the rights of an administrator.",
                                   .check = check_elevated};
const MethodRule rule::features = {.name = "host.features",
                                   .facts = "1.2",
                                   .source = eflow_prerequisites,
                                   .promise = "Windows has the features that the method needs.",
                                   .check = check_features};
const MethodRule rule::services = {.name = "host.services",
                                   .facts = "1.2",
                                   .source = eflow_prerequisites,
                                   .promise = "The services that the method needs run.",
                                   .check = check_services};

}  // namespace passbench
