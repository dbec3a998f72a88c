#include "host/providers/hyperv_provider.hpp"

#include <utility>

#include <fmt/core.h>

#include "host/providers/eflow_steps.hpp"
#include "host/providers/guest_proof.hpp"
#include "host/providers/hyperv_steps.hpp"
#include "host/providers/kept_steps.hpp"
#include "host/providers/method_check.hpp"
#include "host/providers/wsl_steps.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {

namespace {

Method method_of(HypervMethod method) {
    switch (method) {
        case HypervMethod::dda:
            return Method::dda;
        case HypervMethod::gpupv:
            return Method::gpupv;
        case HypervMethod::wsl:
            return Method::wsl;
        case HypervMethod::eflow_dda:
            return Method::eflow_dda;
        case HypervMethod::eflow_gpupv:
            return Method::eflow_gpupv;
        case HypervMethod::native_windows:
            break;
    }
    return Method::native_windows;
}

AlsoSurveyed also_surveyed(const HypervLease& lease) {
    if (is_of_eflow(lease.method)) {
        return lease.container_image.empty() ? AlsoSurveyed::eflow : AlsoSurveyed::eflow_with_container;
    }
    return lease.method == HypervMethod::wsl ? AlsoSurveyed::wsl : AlsoSurveyed::nothing;
}

EflowPassthrough passthrough_of(HypervMethod method) {
    return method == HypervMethod::eflow_dda ? EflowPassthrough::whole : EflowPassthrough::shared;
}

/// What the guest's classifier calls it: in a container nothing tells EFLOW from another guest.
std::string shown_as(const HypervLease& lease) {
    const std::string method(to_string(method_of(lease.method)));
    const bool is_in_container = is_of_eflow(lease.method) && !lease.container_image.empty();
    return is_in_container ? method.substr(method.find('_') + 1) : method;
}

/// Who agreed to what; when is in the run's first event.
std::string consent_text(const Consent& given, const HypervLease& lease) {
    if (!lease.fixture.empty()) return "none needed: the host is played";
    std::string words = given.nvidia_eula ? "nvidia_eula" : "";
    if (given.force_dismount) words.append(words.empty() ? "" : ", ").append("force_dismount");
    for (const std::string& kept : given.keep) words.append(words.empty() ? "" : ", ").append("keep " + kept);
    return fmt::format("{} (agreed to by user {})", words.empty() ? "nothing" : words, this_user());
}

/// From Windows itself a card can be measured that Windows has.
Result<void> check_on_host(const HostFacts& facts, const std::string& card) {
    const std::string state = shown_fact(facts.at(card), device_key::state);
    if (state == device_state::host) return {};
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("{} at {} is not with the host but '{}'",
                                     shown_fact(facts.at(card), device_key::name), location_of(card), state),
                 .where = card,
                 .fix = "Give it back to the host: passbench release, where a run has left it so."});
}

}  // namespace

HypervProvider::HypervProvider(HypervLease lease, std::shared_ptr<HostFunctions> functions, EngineClock clock,
                               GuestAccess guest)
    : lease_(std::move(lease)),
      host_(std::move(functions), std::move(clock), lease_.force, also_surveyed(lease_), lease_.eflow),
      guest_(std::move(guest)) {}

Facts HypervProvider::context(const HostFacts& facts, const LeaseRequest& request) const {
    Facts context = {{"host.passthrough", std::string(to_string(method_of(lease_.method)))}};
    if (const auto host = facts.find(std::string(host_resource)); host != facts.end()) {
        context["host.os"] =
            fmt::format("{}, build {}.{}", shown_fact(host->second, host_key::caption),
                        shown_fact(host->second, host_key::build), shown_fact(host->second, host_key::ubr));
        const std::string origin = shown_fact(host->second, host_key::fixture_origin);
        if (!origin.empty()) context["host.fixture"] = lease_.fixture;
    }
    if (!request.why_chosen.empty()) context["host.chosen"] = request.why_chosen;
    if (!lease_.container_image.empty()) {
        context["host.container"] = fmt::format("{}, createOptions {}", lease_.container_image, eflow_create_options);
    }
    context["host.consent"] = consent_text(request.consent, lease_);
    const auto card = find_card(facts, demand_of(request).gpu);
    if (!card) return context;
    context["host.card"] = fmt::format("{} at {}", shown_fact(facts.at(*card), device_key::name), location_of(*card));
    const std::string warnings = method_warnings(facts, *card, method_of(lease_.method), this_day());
    if (!warnings.empty()) context["host.warnings"] = warnings;
    return context;
}

Result<void> HypervProvider::prove(const Environment& seen, const LeaseRequest& request) {
    PASSBENCH_TRY(const HostFacts facts, host_.survey());
    PASSBENCH_TRY(const std::string card, find_card(facts, demand_of(request).gpu));
    if (lease_.method == HypervMethod::native_windows) return check_on_host(facts, card);
    PASSBENCH_TRY(const std::string guest, find_guest(facts));
    const PassthroughWanted wanted{.method = shown_as(lease_), .host = facts, .card = card, .guest = guest};
    PASSBENCH_CHECK(check_passthrough(seen, wanted));
    return lease_.method == HypervMethod::wsl ? check_wsl_mounts(seen, wanted) : Result<void>();
}

Result<std::string> HypervProvider::find_guest(const HostFacts& facts) const {
    if (is_of_eflow(lease_.method)) return std::string(eflow_resource);
    return lease_.method == HypervMethod::wsl ? find_distribution(facts, lease_.vm) : find_vm(facts, lease_.vm);
}

/// Of a VM that is not to be found any more the guest cannot be reached, which its carrier says.
std::unique_ptr<Carrier> HypervProvider::carrier() {
    if (lease_.method == HypervMethod::native_windows) return guest_.carrier("");
    if (!lease_.vm.empty() && lease_.method != HypervMethod::wsl) return guest_.carrier(vm_resource(lease_.vm));
    const auto guest = host_.survey().and_then([&](const HostFacts& facts) { return find_guest(facts); });
    return guest_.carrier(guest.value_or(vm_resource(lease_.vm)));
}

Result<std::vector<Step>> HypervProvider::steps(const HostFacts& facts, const LeaseRequest& request) const {
    if (!request.prepare.empty()) {
        const std::string& key = request.prepare.begin()->first;
        return fail({.code = ErrorCode::usage,
                     .what = "the provider " + std::string(name()) + " cannot prepare '" + key + "'",
                     .where = "[prepare] " + key,
                     .fix = "Leave it out of [prepare] in lab.toml, or bind the arm to the provider local."});
    }
    const HypervDemand demand = demand_of(request);
    PASSBENCH_TRY(const std::string card, find_card(facts, demand.gpu));
    if (!is_given_already(facts, card, demand)) {
        PASSBENCH_CHECK(check_method(facts, card, method_of(lease_.method), request.consent, this_day()));
    }
    switch (lease_.method) {
        case HypervMethod::dda:
            return dda_steps(facts, demand);
        case HypervMethod::gpupv:
            return gpupv_steps(facts, demand);
        case HypervMethod::wsl:
            return wsl_steps(facts, demand);
        case HypervMethod::eflow_dda:
        case HypervMethod::eflow_gpupv: {
            PASSBENCH_TRY(auto steps, eflow_steps(facts, demand, passthrough_of(lease_.method), lease_.eflow,
                                                  lease_.container_image));
            PASSBENCH_CHECK(check_kept(steps, request.consent));
            return steps;
        }
        case HypervMethod::native_windows:
            break;
    }
    PASSBENCH_CHECK(check_on_host(facts, card));
    return std::vector<Step>();
}

/// What a card that is with a guest already could be used for is no question to its host.
bool HypervProvider::is_given_already(const HostFacts& facts, const std::string& card,
                                      const HypervDemand& demand) const {
    if (is_of_eflow(lease_.method)) return has_card_in_eflow(facts, demand.gpu, passthrough_of(lease_.method));
    return lease_.method == HypervMethod::dda &&
           shown_fact(facts.at(card), device_key::state).starts_with(device_state::vm_prefix);
}

HypervDemand HypervProvider::demand_of(const LeaseRequest& request) const {
    const ArmBinding& binding = request.binding;
    return {.vm = lease_.vm,
            .gpu = binding.gpu.empty() ? request.machine.gpu.value_or("") : binding.gpu,
            .may_stop_vm = binding.may_stop_vm,
            .processors = request.machine.vcpus,
            .memory_bytes = request.machine.memory_bytes};
}

}  // namespace passbench
