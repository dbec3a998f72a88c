#include "host/providers/hyperv_provider.hpp"

#include <utility>

#include <fmt/core.h>

#include "host/providers/guest_proof.hpp"
#include "host/providers/hyperv_steps.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {

namespace {

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
    : lease_(std::move(lease)), host_(std::move(functions), std::move(clock), lease_.force), guest_(std::move(guest)) {}

Result<void> HypervProvider::prove(const Environment& seen, const LeaseRequest& request) {
    PASSBENCH_TRY(const HostFacts facts, host_.survey());
    PASSBENCH_TRY(const std::string card, find_card(facts, demand_of(request).gpu));
    if (lease_.method == HypervMethod::native_windows) return check_on_host(facts, card);
    PASSBENCH_TRY(const std::string vm, find_vm(facts, lease_.vm));
    const std::string method = lease_.method == HypervMethod::dda ? "dda" : "gpupv";
    return check_passthrough(seen, {.method = method, .host = facts, .card = card, .vm = vm});
}

/// Of a VM that is not to be found any more the guest cannot be reached, which its carrier says.
std::unique_ptr<Carrier> HypervProvider::carrier() {
    if (lease_.method == HypervMethod::native_windows) return guest_.carrier("");
    const auto vm = host_.survey().and_then([&](const HostFacts& facts) { return find_vm(facts, lease_.vm); });
    return guest_.carrier(vm ? vm_name(*vm) : lease_.vm);
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
    switch (lease_.method) {
        case HypervMethod::dda:
            return dda_steps(facts, demand);
        case HypervMethod::gpupv:
            return gpupv_steps(facts, demand);
        case HypervMethod::native_windows:
            break;
    }
    PASSBENCH_TRY(const std::string card, find_card(facts, demand.gpu));
    PASSBENCH_CHECK(check_on_host(facts, card));
    return std::vector<Step>();
}

HypervDemand HypervProvider::demand_of(const LeaseRequest& request) const {
    const ArmBinding& binding = request.binding;
    return {.vm = lease_.vm,
            .gpu = binding.gpu.empty() ? request.machine.gpu.value_or("") : binding.gpu,
            .may_stop_vm = binding.may_stop_vm,
            .may_force = lease_.force == ForcedDismount::consented,
            .processors = request.machine.vcpus,
            .memory_bytes = request.machine.memory_bytes};
}

}  // namespace passbench
