// WSL of the simulated host (facts 3.7, 4.2, P14): one virtual machine for all distributions, which reads the user's .wslconfig when the first of
// them starts.
#include <algorithm>

#include <fmt/core.h>

#include "host/simulated/action_tools.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::actions {
namespace {

using codec::Place;

bool is_of_wsl(std::string_view resource) { return resource == wsl_resource || is_distribution(resource); }

std::string get_wsl(SimulatedState& state, const Place& /*arguments*/) {
    return resources_value(state.facts, is_of_wsl);
}

std::string set_wsl_power(SimulatedState& state, const Place& arguments) {
    const std::string name = arguments.nonempty_text("distribution");
    const std::string resource = distribution_resource(name);
    const std::string power = arguments.text("power");
    static_cast<void>(
        facts_of(state, resource, fmt::format("There is no distribution with the supplied name '{}'.", name)));
    if (power != "running" && power != "stopped") unfit("power is 'running' or 'stopped'.");
    // A start that was on its way ends with the distribution.
    std::erase_if(state.pending, [&](const PendingChange& change) { return change.resource == resource; });
    put(state, resource, distribution_key::state, power);
    note_power(state, resource);
    return nothing();
}

std::string set_wsl_setting(SimulatedState& state, const Place& arguments) {
    const std::string property = arguments.text("property");
    const std::string value = arguments.nonempty_text("value");
    Facts& facts = facts_of(state, std::string(wsl_resource), "WSL is not installed.");
    if (std::find(wsl_key::settings.begin(), wsl_key::settings.end(), property) == wsl_key::settings.end()) {
        unfit(fmt::format("There is no setting '{}'.", property));
    }
    // Of PassBench.psm1: Windows would take it, and the machine that runs would go on without it unnoticed.
    if (state.started.contains(std::string(wsl_resource))) {
        allow(FunctionError{.message = "A distribution of WSL runs, and its settings are read when none does.",
                            .id = "PassBench.WslRuns",
                            .category = "InvalidOperation"});
    }
    facts[property] = value;
    return nothing();
}

}  // namespace

const ActionTable& wsl_actions() {
    static const ActionTable all = {{"Get-PassBenchWsl", get_wsl},
                                    {"Set-PassBenchWslPower", set_wsl_power},
                                    {"Set-PassBenchWslSetting", set_wsl_setting}};
    return all;
}

}  // namespace passbench::actions
