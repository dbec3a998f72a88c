// Where the card is, and what hangs on it.
#include <string>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/rules.hpp"
#include "host/survey/survey_dda.hpp"

namespace passbench {

namespace {

std::string state_of(const Facts& device) {
    return fact_text(device, device_key::state).value_or(std::string(device_state::host));
}

std::optional<RuleVerdict> check_nvidia_card(const Inspection& in) {
    if (in.family != CardFamily::other) return std::nullopt;
    return RuleVerdict{.what = fmt::format("{} is not an NVIDIA card: there is no CUDA on it to measure.", in.card()),
                       .fix = "Measure another GPU of this host, or put an NVIDIA card into it."};
}

std::optional<RuleVerdict> check_given_away(const Inspection& in) {
    const auto state = state_of(in.gpu);
    if (!state.starts_with(device_state::vm_prefix)) return std::nullopt;
    const auto vm = state.substr(device_state::vm_prefix.size());
    return RuleVerdict{
        .what = fmt::format("{} is assigned to the virtual machine {}.", in.card(), vm),
        .fix = fmt::format(
            "Turn {} off, take the card from it (Remove-VMAssignableDevice) and give it back to the host "
            "(Mount-VMHostAssignableDevice), both with -LocationPath {}; or passbench release, where a run of "
            "passbench left it there.",
            vm, in.location)};
}

std::optional<RuleVerdict> check_dismounted(const Inspection& in) {
    if (state_of(in.gpu) != device_state::dismounted) return std::nullopt;
    if (in.method == Method::dda) {
        return RuleVerdict{
            .word = Possibility::warning,
            .what = fmt::format("{} is taken from the host already, and no virtual machine has it.", in.card()),
            .fix =
                "Nothing has to be done for DDA: a run begins there and leaves the card as it was. To have it "
                "back on the host: Mount-VMHostAssignableDevice, or passbench release where a run left it."};
    }
    return RuleVerdict{
        .what = fmt::format("{} is dismounted: the host does not have it.", in.card()),
        .fix = fmt::format("Give it back to the host: Mount-VMHostAssignableDevice -LocationPath {}, then enable "
                           "it; or passbench release, where a run of passbench left it.",
                           in.location)};
}

std::optional<RuleVerdict> check_disabled(const Inspection& in) {
    if (!is_disabled(in.gpu)) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("{} is disabled on the host.", in.card()),
        .fix = "Enable it in the Device Manager, or by Enable-PnpDevice; it may take half a minute to come."};
}

std::optional<RuleVerdict> check_only_display(const Inspection& in) {
    if (!fact_bool(in.gpu, device_key::boot_display).value_or(false)) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("{} drives the only display of this host, which would go dark.", in.card()),
        .fix = "Put a second graphics adapter in and the display onto it, or share the card (gpupv, wsl)."};
}

std::optional<RuleVerdict> check_display(const Inspection& in) {
    const bool is_only = fact_bool(in.gpu, device_key::boot_display).value_or(false);
    if (is_only || !fact_bool(in.gpu, device_key::display_attached).value_or(false)) return std::nullopt;
    return RuleVerdict{.word = Possibility::warning,
                       .what = fmt::format("A display hangs on {}; it is dark while a guest has the card.", in.card()),
                       .fix = "Move the display's cable to another adapter of this host."};
}

/// What a sibling function of the card is in the way with; "" where it is not.
std::string trouble_of(const Facts& function, std::string_view location, const std::string& state_of_gpu) {
    const auto name = fact_text(function, device_key::name).value_or("A function of the card");
    const auto state = state_of(function);
    if (state != state_of_gpu) return fmt::format("{} at {} is {}, the GPU {}", name, location, state, state_of_gpu);
    if (survey_dda(function, location).verdict == DdaVerdict::not_assignable) {
        return fmt::format("{} at {} cannot be assigned and stays on the host", name, location);
    }
    return "";
}

std::optional<RuleVerdict> check_siblings(const Inspection& in) {
    std::string troubles;
    for (const auto& [resource, function] : in.facts) {
        if (!resource.starts_with(function_prefix) || fact_text(function, device_key::card) != in.location) continue;
        const auto trouble =
            trouble_of(function, std::string_view(resource).substr(function_prefix.size()), state_of(in.gpu));
        if (!trouble.empty()) troubles += (troubles.empty() ? "" : "; ") + trouble;
    }
    if (troubles.empty()) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what = fmt::format("The functions of the card are not all in one place: {}.", troubles),
        .fix =
            "Bring them into one state (Device Manager, Mount-VMHostAssignableDevice), or go on with the GPU "
            "alone, which is usual."};
}

/// A Code that the Device Manager shows; 22 is a state, and without a driver there is mostly one.
std::optional<RuleVerdict> check_problem(const Inspection& in) {
    const auto code = fact_int(in.gpu, device_key::problem).value_or(0);
    const bool has_driver = fact_text(in.gpu, device_key::driver_version).has_value();
    if (code == 0 || is_disabled(in.gpu) || !has_driver || state_of(in.gpu) != device_state::host) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("Windows cannot use {}: problem code {}.", in.card(), code),
        .fix = "See the device in the Device Manager; install NVIDIA's driver anew, or restart the host."};
}

constexpr std::string_view dda_guide = "Microsoft: Plan for deploying devices by using Discrete Device Assignment";
constexpr std::string_view cmdlets = "Microsoft: Hyper-V cmdlets, Mount-VMHostAssignableDevice";

}  // namespace

const MethodRule rule::nvidia_card = {.name = "card.nvidia",
                                      .facts = "7.3",
                                      .source = "pci.ids: vendor 10de",
                                      .promise = "The GPU is one of NVIDIA: passbench measures CUDA.",
                                      .check = check_nvidia_card,
                                      .closes = true};
const MethodRule rule::given_away = {.name = "device.given_away",
                                     .facts = "2.4",
                                     .source = cmdlets,
                                     .promise = "No virtual machine has the GPU.",
                                     .check = check_given_away};
const MethodRule rule::dismounted = {.name = "device.dismounted",
                                     .facts = "2.4",
                                     .source = cmdlets,
                                     .promise = "The host has the GPU; plain DDA may begin with a dismounted one.",
                                     .check = check_dismounted};
const MethodRule rule::disabled_device = {.name = "device.disabled",
                                          .facts = "2.7",
                                          .source = "Microsoft: SurveyDDA.ps1",
                                          .promise = "The GPU is enabled.",
                                          .check = check_disabled};
const MethodRule rule::only_display = {.name = "device.only_display",
                                       .facts = "8",
                                       .source = dda_guide,
                                       .promise = "The GPU that is taken from the host drives not its only display.",
                                       .check = check_only_display};
const MethodRule rule::display = {.name = "device.display",
                                  .facts = "8",
                                  .source = dda_guide,
                                  .promise = "No display hangs on the GPU that is taken from the host.",
                                  .check = check_display};
const MethodRule rule::siblings = {.name = "device.siblings",
                                   .facts = "2.2",
                                   .source = dda_guide,
                                   .promise = "The other functions of the card (sound, USB) are where the GPU is.",
                                   .check = check_siblings};
const MethodRule rule::problem = {.name = "device.problem",
                                  .facts = "8",
                                  .source = "Microsoft: Device Manager error codes",
                                  .promise = "Windows can use the GPU: no problem code.",
                                  .check = check_problem};

}  // namespace passbench
