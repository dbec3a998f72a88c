#include "host/session/bind_arms.hpp"

#include <map>
#include <utility>

#include "harness/core/checksum.hpp"
#include "host/providers/chosen_arm.hpp"
#include "host/providers/windows_host.hpp"

namespace passbench {

namespace {

constexpr std::string_view plan_digest_key = "plan.sha256";
constexpr std::string_view scenario_digest_key = "scenario.sha256";

Result<ArmBinding> binding_of(const std::string& arm, const Lab& lab) {
    const auto found = lab.arms.find(arm);
    if (found == lab.arms.end()) {
        std::string offered;
        for (const auto& [name, binding] : lab.arms) {
            offered += (offered.empty() ? "" : ", ") + name;
        }
        return fail({.code = ErrorCode::usage,
                     .what = "the lab does not offer the arm '" + arm + "'; it offers " + offered,
                     .where = "arm " + arm,
                     .fix = "Bind it in a lab file, [arm." + arm + "] with a provider, and name the file with --lab."});
    }
    if (!lab.simulated && (found->second.inject_host != 0 || found->second.inject_device != 0)) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "this build can plant a slowdown on a simulated device alone",
                     .where = "arm " + arm,
                     .fix = "Take `inject` out of [arm." + arm + "] in the lab file, or add --lab simulated."});
    }
    return found->second;
}

/// The machines that arms are on, each looked at once.
class Machines {
public:
    struct Machine {
        std::shared_ptr<Provider> provider;
        HostFacts survey;
    };

    Machines(const Plan& plan, const Lab& lab, const std::optional<HostFacts>& recorded)
        : plan_(plan), lab_(lab), recorded_(recorded), fixture_(plan.machine.fixture.value_or("")) {}

    Result<Machine> of(const ArmBinding& binding) {
        const std::string guest = provider_for(binding, lab_, fixture_);
        if (const auto known = surveyed_.find(guest); known != surveyed_.end()) return known->second;
        PASSBENCH_TRY(std::shared_ptr<Provider> provider, make_provider(guest, lab_.asked_at));
        auto survey = recorded_ ? Result<HostFacts>(*recorded_) : provider->survey();
        if (!survey) return fail_in(std::move(survey).error(), "looking at its machine");
        return surveyed_[guest] = {std::move(provider), *std::move(survey)};
    }

    /// The binding with a provider where it leaves that open.
    Result<ChosenArm> chosen(const ArmBinding& binding) {
        if (!is_left_open(binding)) return ChosenArm{.binding = binding, .why = ""};
        ArmBinding machine = binding;
        const bool is_this_linux = binding.provider == native_provider && !has_windows_host(lab_, fixture_);
        machine.provider = is_this_linux ? "local" : "native_windows";
        if (is_this_linux) return ChosenArm{.binding = std::move(machine), .why = ""};
        PASSBENCH_TRY(const Machine windows, of(machine));
        return choose_arm(binding, windows.survey, plan_.machine);
    }

private:
    const Plan& plan_;
    const Lab& lab_;
    const std::optional<HostFacts>& recorded_;
    std::string fixture_;
    std::map<std::string, Machine> surveyed_;  // by lease_name()
};

Facts digests_of(const Facts& facts) {
    Facts digests;
    for (const auto key : {plan_digest_key, scenario_digest_key}) {
        if (const auto found = facts.find(key); found != facts.end()) {
            digests.insert(*found);
        }
    }
    return digests;
}

}  // namespace

Result<std::vector<Arm>> bind_arms(const Plan& plan, const Lab& lab, const std::optional<HostFacts>& recorded) {
    Machines machines(plan, lab, recorded);
    std::vector<Arm> arms;
    for (const auto& name : plan.arms) {
        PASSBENCH_TRY(const ArmBinding binding, binding_of(name, lab));
        auto chosen = machines.chosen(binding);
        if (!chosen) return fail_in(std::move(chosen).error(), "choosing what the arm " + name + " is");
        auto machine = machines.of(chosen->binding);
        if (!machine) return fail_in(std::move(machine).error(), "binding the arm " + name);
        LeaseRequest request{.arm = name,
                             .binding = std::move(chosen->binding),
                             .machine = plan.machine,
                             .prepare = lab.prepare,
                             .consent = lab.consent,
                             .why_chosen = std::move(chosen->why)};
        auto steps = machine->provider->steps(machine->survey, request);
        if (!steps) return fail_in(std::move(steps).error(), "preparing the arm " + name);
        arms.push_back({name, std::move(request), machine->provider, machine->survey, *std::move(steps)});
    }
    return arms;
}

Facts begun_with(const Plan& plan, std::string_view scenario_text, const Lab& lab) {
    Facts facts;
    facts.emplace(plan_digest_key, plan_digest(plan));
    facts.emplace(scenario_digest_key, sha256_hex(scenario_text));
    for (const auto& arm : plan.arms) {
        if (const auto binding = lab.arms.find(arm); binding != lab.arms.end()) {
            facts.emplace("arm." + arm, binding->second.provider +
                                            (binding->second.ssh ? " " + to_string(*binding->second.ssh) : ""));
            if (binding->second.inject_host != 0)
                facts.emplace("arm." + arm + ".inject.host", binding->second.inject_host);
            if (binding->second.inject_device != 0) {
                facts.emplace("arm." + arm + ".inject.device", binding->second.inject_device);
            }
        }
    }
    if (lab.simulated) facts.emplace("simulated", true);
    for (const auto& [property, value] : lab.prepare) {
        facts.emplace("prepare." + property, value);
    }
    return facts;
}

Result<void> check_same_beginning(const Facts& then, const Facts& now) {
    if (const auto changed = differences(digests_of(then), digests_of(now)); !changed.empty()) {
        const bool is_plan = changed.front().key == plan_digest_key;
        return fail({.code = ErrorCode::plan_changed,
                     .what = std::string(is_plan ? "plan.json" : "scenario.toml") +
                             " is not what the run was begun with: its SHA-256 was " +
                             changed.front().left.substr(0, 12) + "..., now it is " +
                             changed.front().right.substr(0, 12) + "...",
                     .fix = "Put the file back as it was, or begin a new run with the changed scenario."});
    }
    const auto changed = differences(then, now);
    if (changed.empty()) {
        return {};
    }
    return fail({.code = ErrorCode::precondition,
                 .what = "the lab is not the one that the run was begun with: " + changes_text(changed),
                 .fix = "Name the lab file of that run with --lab, or begin a new run."});
}

}  // namespace passbench
