#include "host/providers/wsl_steps.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "host/providers/step_list.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

constexpr std::int64_t with_a_machine = 2;  // the version of WSL that has a virtual machine

std::vector<std::string> running_ones(const HostFacts& facts) {
    std::vector<std::string> running;
    for (const auto& [resource, distribution] : facts) {
        const bool is_one = is_distribution(resource) && shown_fact(distribution, distribution_key::state) == "running";
        if (is_one && fact_int(distribution, distribution_key::version) == with_a_machine) running.push_back(resource);
    }
    return running;
}

StepList settings(const HostFacts& facts, const HypervDemand& demand) {
    const std::string wsl(wsl_resource);
    StepList steps(facts);
    if (steps.now(wsl, wsl_key::gpu_support) == "false") {
        steps.add(wsl, wsl_key::gpu_support, "true", "Else WSL shows no card.");
    }
    if (demand.memory_bytes) {
        steps.add(wsl, wsl_key::memory, std::to_string(*demand.memory_bytes), "The scenario asks for it.");
    }
    if (demand.processors) {
        steps.add(wsl, wsl_key::processors, std::to_string(*demand.processors), "The scenario asks for it.");
    }
    return steps;
}

Error runs(const std::string& distribution) {
    return {.code = ErrorCode::precondition,
            .what = fmt::format("the distribution '{}' runs, and WSL takes its settings when it starts",
                                distribution_name(distribution)),
            .where = distribution,
            .fix =
                "End what works in it (wsl --shutdown), or allow passbench to: `may_stop = true` at the arm in "
                "lab.toml."};
}

}  // namespace

Result<std::string> find_distribution(const HostFacts& facts, const std::string& name) {
    std::string meant = distribution_resource(name);
    if (name.empty()) {
        const auto found = std::find_if(facts.begin(), facts.end(), [](const auto& resource) {
            return is_distribution(resource.first) &&
                   fact_bool(resource.second, distribution_key::is_default).value_or(false);
        });
        meant = found == facts.end() ? std::string() : found->first;
    }
    const auto found = facts.find(meant);
    if (found == facts.end()) {
        return fail(
            {.code = ErrorCode::usage,
             .what = name.empty()
                         ? fmt::format("no distribution of WSL is named, and none is the default; there are: {}",
                                       names_below(facts, wsl_prefix))
                         : fmt::format("this user has no distribution '{}' of WSL; there are: {}", name,
                                       names_below(facts, wsl_prefix)),
             .where = "distribution " + name,
             .fix = "Name one of them as `distribution` of the arm in lab.toml, or install one: wsl --install."});
    }
    if (fact_int(found->second, distribution_key::version).value_or(with_a_machine) == with_a_machine) return meant;
    return fail(
        {.code = ErrorCode::precondition,
         .what = fmt::format("the distribution '{}' is one of WSL 1, which shows no card", distribution_name(meant)),
         .where = meant,
         .fix = fmt::format("Turn it into one of WSL 2: wsl --set-version {} 2", distribution_name(meant))});
}

Result<std::vector<Step>> wsl_steps(const HostFacts& facts, const HypervDemand& demand) {
    PASSBENCH_TRY(const std::string distribution, find_distribution(facts, demand.vm));
    StepList wanted = settings(facts, demand);
    const std::vector<std::string> running = running_ones(facts);
    if (!wanted.empty() && !running.empty() && !demand.may_stop_vm) return fail(runs(running.front()));
    std::vector<Step> steps;
    // All of them share one machine, which starts anew when none of them runs any more.
    for (const std::string& other : running) {
        if (wanted.empty() || other == distribution) continue;
        steps.push_back({.resource = other,
                         .property = std::string(distribution_key::state),
                         .before = "running",
                         .wanted = "stopped",
                         .why = "It runs in the machine whose settings are changed."});
    }
    std::vector<Step> own = around_power(std::move(wanted), {.guest = distribution,
                                                             .property = distribution_key::state,
                                                             .off = "stopped",
                                                             .why_off = "WSL takes its settings when it starts."});
    std::move(own.begin(), own.end(), std::back_inserter(steps));
    return steps;
}

}  // namespace passbench
