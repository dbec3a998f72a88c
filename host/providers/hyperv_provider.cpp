#include "host/providers/hyperv_provider.hpp"

#include <utility>

#include "host/providers/hyperv_steps.hpp"

namespace passbench {

std::string_view to_string(HypervMethod method) { return method == HypervMethod::dda ? "hyperv_dda" : "hyperv_gpupv"; }

HypervProvider::HypervProvider(HypervMethod method, std::shared_ptr<HostFunctions> functions, EngineClock clock,
                               ForcedDismount force, GuestAccess guest)
    : method_(method), host_(std::move(functions), std::move(clock), force), force_(force), guest_(std::move(guest)) {}

Result<std::vector<Step>> HypervProvider::steps(const HostFacts& facts, const LeaseRequest& request) const {
    if (!request.prepare.empty()) {
        const std::string& key = request.prepare.begin()->first;
        return fail({.code = ErrorCode::usage,
                     .what = "the provider " + std::string(name()) + " cannot prepare '" + key + "'",
                     .where = "[prepare] " + key,
                     .fix = "Leave it out of [prepare] in lab.toml, or bind the arm to the provider local."});
    }
    const ArmBinding& binding = request.binding;
    const HypervDemand demand{.vm = binding.vm,
                              .gpu = binding.gpu.empty() ? request.machine.gpu.value_or("") : binding.gpu,
                              .may_stop_vm = binding.may_stop_vm,
                              .may_force = force_ == ForcedDismount::consented,
                              .processors = request.machine.vcpus,
                              .memory_bytes = request.machine.memory_bytes};
    return method_ == HypervMethod::dda ? dda_steps(facts, demand) : gpupv_steps(facts, demand);
}

}  // namespace passbench
