#include "host/providers/hyperv_provider.hpp"

#include <utility>

#include "host/providers/guest_proof.hpp"
#include "host/providers/hyperv_steps.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {

HypervProvider::HypervProvider(HypervLease lease, std::shared_ptr<HostFunctions> functions, EngineClock clock,
                               GuestAccess guest)
    : lease_(std::move(lease)), host_(std::move(functions), std::move(clock), lease_.force), guest_(std::move(guest)) {}

Result<void> HypervProvider::prove(const Environment& seen, const LeaseRequest& request) {
    PASSBENCH_TRY(const HostFacts facts, host_.survey());
    PASSBENCH_TRY(const std::string vm, find_vm(facts, lease_.vm));
    PASSBENCH_TRY(const std::string card, find_card(facts, demand_of(request).gpu));
    const std::string method = lease_.method == HypervMethod::dda ? "dda" : "gpupv";
    return check_passthrough(seen, {.method = method, .host = facts, .card = card, .vm = vm});
}

/// Of a VM that is not to be found any more the guest cannot be reached, which its carrier says.
std::unique_ptr<Carrier> HypervProvider::carrier() {
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
    return lease_.method == HypervMethod::dda ? dda_steps(facts, demand) : gpupv_steps(facts, demand);
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
