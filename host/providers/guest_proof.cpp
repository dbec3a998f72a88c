#include "host/providers/guest_proof.hpp"

#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "host/signs/detect.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

/// What a guest of this kind is known by (facts 4.1).
std::string_view known_by(std::string_view method) {
    if (method == "dda" || method == "eflow_dda") return "an NVIDIA card on its PCI bus and no /dev/dxg";
    if (method == "gpupv" || method == "eflow_gpupv" || method == "wsl")
        return "/dev/dxg and no NVIDIA card on its PCI bus";
    if (method == "mixed") return "both an NVIDIA card on its PCI bus and /dev/dxg";
    return "neither an NVIDIA card on its PCI bus nor /dev/dxg";
}

Symptoms symptoms_of(const Environment& seen, const PassthroughWanted& wanted) {
    const auto dxg = fact_bool(seen.capabilities, "gpu.dxg");
    Symptoms symptoms{.kernel_log = fact_text(seen.context, "kernel.log").value_or(""),
                      .method = wanted.method,
                      .gpu = location_of(wanted.card),
                      .vm = wanted.guest.starts_with(vm_prefix) ? vm_name(wanted.guest) : "",
                      .host = wanted.host};
    const std::string found = fact_text(seen.context, "gpu.passthrough").value_or("none");
    if (const auto kernel = fact_text(seen.context, "kernel.release")) {
        symptoms.guest[std::string(guest_key::kernel)] = *kernel;
    }
    if (const auto files = fact_int(seen.context, "wsl.lib_files")) {
        symptoms.guest[std::string(guest_key::wsl_files)] = *files;
    }
    symptoms.guest[std::string(guest_key::dxg)] = dxg.value_or(false) || found == "gpupv" || found == "mixed";
    symptoms.guest[std::string(guest_key::nvidia_function)] =
        found == "dda" || found == "eflow_dda" || found == "mixed";
    return symptoms;
}

/// "10de:1eb8 subsystem 10de:12a2", as the guest's probe writes it, from the host's ids.
std::string ids_as_the_guest_says(const Facts& card) {
    const std::string subsystem = shown_fact(card, device_key::subsystem);
    constexpr std::size_t digits = 4;
    if (subsystem.size() != 2 * digits) return "";
    return fmt::format("{}:{} subsystem {}:{}", shown_fact(card, device_key::vendor),
                       shown_fact(card, device_key::device), subsystem.substr(digits), subsystem.substr(0, digits));
}

Result<void> check_ids(const Environment& seen, const PassthroughWanted& wanted) {
    const auto card = wanted.host.find(wanted.card);
    auto found = fact_text(seen.context, "gpu.pci_id");
    if (!found) found = fact_text(seen.identity, "gpu.pci_id");
    if (card == wanted.host.end() || !found) return {};
    const std::string given = ids_as_the_guest_says(card->second);
    if (given.empty() || *found == given) return {};
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("the host gave the card {}, and the guest has {}", given, *found),
                 .where = wanted.guest,
                 .fix = "See that the guest has no other card, and that the address of the arm is this VM's."});
}

}  // namespace

Result<void> check_passthrough(const Environment& seen, const PassthroughWanted& wanted) {
    const std::string found = fact_text(seen.context, "gpu.passthrough").value_or("none");
    if (found == wanted.method) return check_ids(seen, wanted);
    Error error{.code = ErrorCode::precondition,
                .what = fmt::format("asked for {}, which a guest shows by {}; this one shows {} ({})", wanted.method,
                                    known_by(wanted.method), known_by(found), found),
                .where = wanted.guest,
                .fix = "See `passbench doctor` in the guest, and that the address of the arm is this VM's."};
    return fail(with_finding(std::move(error), detect(symptoms_of(seen, wanted))));
}

Result<void> check_wsl_mounts(const Environment& seen, const PassthroughWanted& wanted) {
    for (const auto& [key, folder] : {std::pair("wsl.lib_mounted", "/usr/lib/wsl/lib (WSL's libraries)"),
                                      std::pair("wsl.drivers_mounted", "/usr/lib/wsl/drivers (the host's drivers)")}) {
        if (fact_bool(seen.context, key).value_or(false)) continue;
        Error error{
            .code = ErrorCode::precondition,
            .what = fmt::format("{} is not mounted in the guest, so its card cannot be used", folder),
            .where = wanted.guest,
            .fix =
                "Run `wsl --update`, then `wsl --shutdown`, and see that /etc/wsl.conf of the distribution does "
                "not say [gpu] enabled=false."};
        return fail(with_finding(std::move(error), detect(symptoms_of(seen, wanted))));
    }
    return {};
}

}  // namespace passbench
