// Sharing a card with a Linux guest: Hyper-V's GPU-PV, and WSL.
#include <algorithm>
#include <array>
#include <string>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/mmio.hpp"
#include "host/survey/rules.hpp"

namespace passbench {

namespace {

// WDDM 2.9, the first with Linux guests: Server 2022, and Windows 10 21H2 by backport (facts 3.1).
constexpr std::int64_t first_server_build = 20348;
constexpr std::int64_t first_client_build = 19044;
constexpr std::int64_t released_server_2022 = 20348;  // builds behind it are Insider previews and Server 2025

constexpr std::array<std::string_view, 2> policies = {registry_key::require_secure, registry_key::require_supported};
constexpr std::string_view policy_key = R"(HKLM\SOFTWARE\Policies\Microsoft\Windows\HyperV)";

std::optional<RuleVerdict> check_linux_guests(const Inspection& in) {
    if (in.build() >= (in.is_server() ? first_server_build : first_client_build)) {
        return RuleVerdict{.word = Possibility::possible,
                           .what = fmt::format("{} shares its GPUs with Linux guests.", in.windows()),
                           .fix = ""};
    }
    return RuleVerdict{.what = fmt::format("{} does not share GPUs with Linux guests yet (WDDM 2.9).", in.windows()),
                       .fix = in.is_server()
                                  ? "Update to Windows Server 2022 or later, or pass the card through whole (dda)."
                                  : "Update to Windows 10 21H2 or Windows 11."};
}

std::optional<RuleVerdict> check_policy(const Inspection& in) {
    const auto registry = in.facts.find(std::string(registry_resource));
    const auto value_of = [&](std::string_view key) {
        const auto value = registry == in.facts.end() ? std::nullopt : fact_text(registry->second, key);
        return value.value_or(std::string(registry_key::absent));
    };
    std::string forbidding;
    std::string unset;
    for (const auto key : policies) {
        const auto value = value_of(key);
        if (value == "0") continue;
        std::string& list = value == registry_key::absent ? unset : forbidding;
        list += (list.empty() ? "" : " and ") + std::string(key);
    }
    if (!forbidding.empty()) {
        return RuleVerdict{.what = fmt::format("A policy of this host forbids to share its GPUs: {} (below {}) is set.",
                                               forbidding, policy_key),
                           .fix =
                               "Ask who manages the host's group policy to set both values to 0; passbench does not "
                               "overrule what somebody has set."};
    }
    if (unset.empty() || !in.is_server() || in.build() <= released_server_2022) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what = fmt::format("{} refuses to start a guest that shares a GPU (\"not compliant with currently set "
                            "group policy\") while {} is not 0.",
                            in.windows(), unset),
        .fix = fmt::format("Nothing has to be done: a run sets both values to 0 (below {}) and gives them back "
                           "after it.",
                           policy_key)};
}

bool has_entry(const Facts& gpu) { return fact_text(gpu, device_key::partitionable).has_value(); }

std::optional<RuleVerdict> check_partitionable(const Inspection& in) {
    if (has_entry(in.gpu) || fact_text(in.gpu, device_key::state) != device_state::host) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("Hyper-V does not list {} among the GPUs that it can share (Get-{}PartitionableGpu).",
                            in.card(), in.build() >= first_server_build ? "VMHost" : "VM"),
        .fix =
            "Install an NVIDIA driver with CUDA on WSL, see that virtualization is on in the firmware, and "
            "restart the host."};
}

std::optional<RuleVerdict> check_chosen_gpu(const Inspection& in) {
    if (!in.is_before_windows_11()) return std::nullopt;
    const auto count = std::ranges::count_if(
        in.facts, [](const auto& entry) { return entry.first.starts_with(gpu_prefix) && has_entry(entry.second); });
    if (count < 2) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("This host could share {} GPUs, and Windows 10 cannot be told which of them.", count),
        .fix = "Disable the others in the Device Manager for the time of the run, or use Windows 11."};
}

std::optional<RuleVerdict> check_gpupv_mmio(const Inspection& in) {
    const auto bits = fact_int(in.host, host_key::address_bits);
    if (!bits) return std::nullopt;
    const auto space = gpupv_mmio(in.lowest_high_mmio_base(), *bits);
    if (space) return std::nullopt;
    return RuleVerdict{.what = space.error().what + ".", .fix = space.error().fix};
}

/// Configuration version 9.0 and later, as community guides ask (facts 3.3).
bool can_share(const Facts& vm) {
    constexpr std::int64_t needed_generation = 2;
    constexpr int needed_version = 9;
    const auto version = fact_text(vm, vm_key::config_version).value_or("0");
    return fact_int(vm, vm_key::generation) == needed_generation && std::atoi(version.c_str()) >= needed_version;
}

std::optional<RuleVerdict> check_gpupv_vm(const Inspection& in) {
    const auto suits = [](const auto& entry) { return entry.first.starts_with(vm_prefix) && can_share(entry.second); };
    if (std::ranges::any_of(in.facts, suits)) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what =
            "There is no virtual machine of generation 2 and configuration version 9.0 or later on this host "
            "yet.",
        .fix =
            "Make one with Linux in it (New-VM -Generation 2), or Update-VMVersion an old one, and name it in "
            "lab.toml."};
}

std::optional<RuleVerdict> check_wsl_installed(const Inspection& in) {
    if (fact_text(in.host, host_key::wsl_version)) return std::nullopt;
    return RuleVerdict{.what = "WSL is not installed.",
                       .fix = "As administrator: wsl --install, then restart the host."};
}

constexpr std::string_view gpupv_guide = "Microsoft: GPU paravirtualization (Windows driver documentation)";

}  // namespace

const MethodRule rule::linux_guests = {.name = "gpupv.windows_build",
                                       .facts = "3.1",
                                       .source = gpupv_guide,
                                       .promise = "Windows is new enough to share a GPU with Linux guests.",
                                       .check = check_linux_guests,
                                       .closes = true};
const MethodRule rule::policy = {.name = "gpupv.policy",
                                 .facts = "3.4",
                                 .source = "reports of users of Server 2025; Easy-GPU-PV, ExHyperV",
                                 .promise = "The host's policy lets a guest share a GPU.",
                                 .check = check_policy};
const MethodRule rule::partitionable = {.name = "gpupv.partitionable",
                                        .facts = "3.8",
                                        .source = "Microsoft: Hyper-V cmdlets, Get-VMHostPartitionableGpu",
                                        .promise = "Hyper-V lists the GPU among those that it can share.",
                                        .check = check_partitionable};
const MethodRule rule::chosen_gpu = {.name = "gpupv.chosen_gpu",
                                     .facts = "3.1",
                                     .source = "Microsoft: Hyper-V cmdlets, Add-VMGpuPartitionAdapter",
                                     .promise = "Where there are several GPUs, Windows can be told which one to share.",
                                     .check = check_chosen_gpu};
const MethodRule rule::gpupv_mmio_space = {.name = "gpupv.mmio",
                                           .facts = "3.3",
                                           .source = gpupv_guide,
                                           .promise = "At least 8 GiB of MMIO space fit within the host's addresses.",
                                           .check = check_gpupv_mmio};
const MethodRule rule::gpupv_vm = {.name = "gpupv.vm",
                                   .facts = "3.3",
                                   .source = gpupv_guide,
                                   .promise = "There is a virtual machine that can share a GPU.",
                                   .check = check_gpupv_vm};
const MethodRule rule::wsl_installed = {.name = "wsl.installed",
                                        .facts = "4.2",
                                        .source = "NVIDIA: CUDA on WSL user guide",
                                        .promise = "WSL is installed.",
                                        .check = check_wsl_installed};

}  // namespace passbench
