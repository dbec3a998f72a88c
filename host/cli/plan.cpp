#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "host/cli/plan_answer.hpp"
#include "host/cli/read_inputs.hpp"
#include "host/cli/verbs.hpp"

namespace passbench::verb {

namespace {

/// The steps on the host, where a lab was named or stands beside the scenario, or a host was named: a plan alone depends on
/// the scenario and on nothing else.
Checked<std::optional<std::vector<ArmSteps>>> steps_in(const Lab& lab, const Arguments& arguments, const Plan& plan) {
    if (lab.file.empty() && arguments.host.empty()) {
        return std::optional<std::vector<ArmSteps>>();
    }
    std::optional<HostFacts> recorded;
    if (!arguments.host.empty()) {
        auto host = read_host(arguments.host);
        if (!host) {
            return fail_with(std::move(host).error());
        }
        recorded = *std::move(host);
    }
    return as_checked(host_steps(plan, lab, recorded)).map([](std::vector<ArmSteps> steps) {
        return std::optional(std::move(steps));
    });
}

/// What `run` would refuse: the plan holds all the same, for it does not ask what the arms stand for.
std::vector<std::string> arms_without_machine(const Plan& plan, const Lab& lab) {
    std::vector<std::string> notes;
    for (const auto& arm : plan.arms) {
        if (!lab.arms.contains(arm)) {
            notes.push_back(
                fmt::format("no lab says what the arm '{}' stands for, and `passbench run` will ask for one: "
                            "[arm.{}] in a file named with --lab",
                            arm, arm));
        }
    }
    return notes;
}

}  // namespace

Checked<Answer> plan(const Arguments& arguments, const Terminal& /*terminal*/) {
    auto planned = plan_scenario(arguments);
    if (!planned) {
        return tl::unexpected(std::move(planned).error());
    }
    const auto lab = choose_lab(arguments.lab, arguments.scenario);
    if (!lab) {
        return tl::unexpected(lab.error());
    }
    auto steps = steps_in(*lab, arguments, planned->plan);
    if (!steps) {
        return tl::unexpected(std::move(steps).error());
    }
    if (*steps && planned->plan.machine.gpu) {
        planned->notes.push_back(
            fmt::format("the demand of a GPU '{}' is not checked here: `passbench run` asks the machine's "
                        "driver for its name before it makes anything",
                        *planned->plan.machine.gpu));
    }
    if (!*steps) {
        for (auto& note : arms_without_machine(planned->plan, *lab)) {
            planned->notes.push_back(std::move(note));
        }
    }
    return plan_answer(*planned, arguments.pair_sd, *steps);
}

}  // namespace passbench::verb
