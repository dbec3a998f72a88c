// Passing a card through whole: what Hyper-V, the machine and the card have to allow.
#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/mmio.hpp"
#include "host/survey/rules.hpp"
#include "host/survey/survey_dda.hpp"

namespace passbench {

namespace {

std::optional<RuleVerdict> check_dda_server(const Inspection& in) {
    if (in.is_server()) {
        return RuleVerdict{.word = Possibility::possible,
                           .what = fmt::format("{} assigns whole devices to its virtual machines.", in.windows()),
                           .fix = ""};
    }
    const bool eflow_does = in.family == CardFamily::t4 || in.family == CardFamily::a2;
    return RuleVerdict{
        .what = fmt::format("{} is no server: its virtual machines do not start with a device of the host "
                            "(0xC035001E).",
                            in.windows()),
        .fix = fmt::format("Use Windows Server 2016 or later, or on this Windows {}.",
                           eflow_does ? "EFLOW (eflow_dda), for which Microsoft supports T4 and A2 here"
                                      : "share the card (gpupv, eflow_gpupv, wsl)")};
}

std::optional<RuleVerdict> check_dda_iov(const Inspection& in) {
    if (fact_bool(in.host, host_key::iov_support).value_or(true)) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("This machine cannot give devices to virtual machines: {}",
                            fact_text(in.host, host_key::iov_reasons).value_or("Hyper-V does not say why.")),
        .fix =
            "Turn on VT-d or AMD-Vi with interrupt remapping, SR-IOV and native PCIe in the firmware; where "
            "the firmware has no such setting, use another machine."};
}

std::optional<RuleVerdict> check_dda_iommu_policy(const Inspection& in) {
    if (fact_text(in.host, host_key::iommu_policy) != "disable") return std::nullopt;
    return RuleVerdict{.what = "The hypervisor is told not to use the IOMMU (bcdedit: hypervisoriommupolicy disable).",
                       .fix = "As administrator: bcdedit /set hypervisoriommupolicy enable - then restart the host."};
}

std::optional<RuleVerdict> check_dda_survey(const Inspection& in) {
    const auto state = fact_text(in.gpu, device_key::state).value_or(std::string(device_state::host));
    if (state != device_state::host && state != device_state::disabled) return std::nullopt;
    const auto survey = survey_dda(in.gpu, in.location);
    switch (survey.verdict) {
        case DdaVerdict::assignable:
            return std::nullopt;
        case DdaVerdict::not_assignable:
            return RuleVerdict{
                .what = survey.lines.back(),
                .fix =
                    "Turn on VT-d, SR-IOV, ACS and native PCIe in the firmware, or use another slot, one of the "
                    "processor itself; otherwise this machine cannot assign the card."};
        case DdaVerdict::unknown:
            // An EFLOW that finds the card disabled has said so already.
            if (in.method == Method::eflow_dda && state == device_state::disabled) return std::nullopt;
            return RuleVerdict{.word = Possibility::warning,
                               .what = fmt::format("Whether {} can be assigned is not known: {}", in.card(),
                                                   survey.lines.size() > 1 ? survey.lines[survey.lines.size() - 2]
                                                                           : survey.lines.front()),
                               .fix = "Enable the device and survey the host again: passbench doctor --save FILE."};
    }
    return std::nullopt;
}

std::optional<RuleVerdict> check_dda_mitigation(const Inspection& in) {
    if (fact_bool(in.gpu, device_key::mitigation).value_or(true)) return std::nullopt;
    const bool has_one = in.family == CardFamily::t4 || in.family == CardFamily::a2;
    const std::string consent =
        "To go on without it for guests that are trusted: force_dismount = true below [consent] in "
        "lab.toml.";
    return RuleVerdict{
        .word = Possibility::warning,
        .what = fmt::format(
            "Security: no driver that shields the host is installed for {}, so a guest that has it may reach "
            "the host by DMA; it is only taken from the host by -Force.",
            in.card()),
        .fix =
            has_one
                ? fmt::format("Install NVIDIA's mitigation driver: pnputil /add-driver nvidia_azure_stack_{}_base.inf "
                              "/install, then pnputil /scan-devices. {}",
                              to_string(in.family), consent)
                : fmt::format("NVIDIA makes a mitigation driver for T4 and A2, none for this card. {}", consent)};
}

std::optional<RuleVerdict> check_dda_mmio(const Inspection& in) {
    const auto below = fact_int(in.gpu, device_key::mmio32_bytes);
    const auto above = fact_int(in.gpu, device_key::mmio64_bytes);
    const auto bits = fact_int(in.host, host_key::address_bits);
    if (!bits || !above) return std::nullopt;
    const auto space = dda_mmio(below.value_or(0), *above);
    const auto fits =
        space ? check_mmio_fits(*space, in.lowest_high_mmio_base(), *bits) : Result<void>(fail(space.error()));
    if (fits) return std::nullopt;
    return RuleVerdict{.what = fits.error().what + ".", .fix = fits.error().fix};
}

std::optional<RuleVerdict> check_dda_vm(const Inspection& in) {
    const auto is_vm = [](const auto& entry) { return entry.first.starts_with(vm_prefix); };
    if (std::ranges::any_of(in.facts, is_vm)) return std::nullopt;
    return RuleVerdict{.word = Possibility::warning,
                       .what = "There is no virtual machine on this host yet that the card could be given to.",
                       .fix = "Make one with Linux in it (New-VM) and name it in lab.toml."};
}

constexpr std::string_view plan_guide = "Microsoft: Plan for deploying devices by using Discrete Device Assignment";
constexpr std::string_view deploy_guide = "Microsoft: Deploy graphics devices by using Discrete Device Assignment";

}  // namespace

const MethodRule rule::dda_server = {
    .name = "dda.server_only",
    .facts = "2.1",
    .source = plan_guide,
    .promise = "The host is a Windows Server: no client assigns devices through Hyper-V.",
    .check = check_dda_server,
    .closes = true};
const MethodRule rule::dda_iov = {.name = "dda.iov_support",
                                  .facts = "2.7",
                                  .source = "Microsoft: SurveyDDA.ps1, Get-VMHost",
                                  .promise = "Hyper-V says that the machine can give devices to guests.",
                                  .check = check_dda_iov};
const MethodRule rule::dda_iommu_policy = {.name = "dda.iommu_policy",
                                           .facts = "2.8",
                                           .source = "Microsoft: bcdedit, hypervisoriommupolicy",
                                           .promise = "The hypervisor may use the IOMMU.",
                                           .check = check_dda_iommu_policy};
const MethodRule rule::dda_survey = {.name = "dda.survey",
                                     .facts = "2.7",
                                     .source = "Microsoft: SurveyDDA.ps1",
                                     .promise = "The checks of SurveyDDA.ps1 find the GPU assignable.",
                                     .check = check_dda_survey};
const MethodRule rule::dda_mitigation = {
    .name = "dda.mitigation",
    .facts = "2.9",
    .source = "NVIDIA: GPU passthrough, device mitigation drivers",
    .promise = "A mitigation driver shields the host from a guest that has the GPU.",
    .check = check_dda_mitigation};
const MethodRule rule::dda_mmio = {
    .name = "dda.mmio",
    .facts = "2.6",
    .source = deploy_guide,
    .promise = "The GPU's memory ranges fit between a guest's and the end of the host's addresses.",
    .check = check_dda_mmio};
const MethodRule rule::dda_vm = {.name = "dda.vm",
                                 .facts = "2.1",
                                 .source = plan_guide,
                                 .promise = "There is a virtual machine to give the GPU to.",
                                 .check = check_dda_vm};

}  // namespace passbench
