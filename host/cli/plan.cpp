#include <optional>
#include <utility>
#include <vector>

#include "host/cli/inputs.hpp"
#include "host/cli/plan_answer.hpp"
#include "host/cli/verbs.hpp"

namespace passbench::verb {

namespace {

/// The steps on the host, where a lab or a host was named: a plan alone depends on the scenario and on nothing else.
Checked<std::optional<std::vector<Step>>> named_steps(const Arguments& arguments, const Plan& plan) {
    if (arguments.lab.empty() && arguments.host.empty()) {
        return std::optional<std::vector<Step>>();
    }
    auto lab = choose_lab(arguments);
    if (!lab) {
        return tl::unexpected(std::move(lab).error());
    }
    std::optional<HostFacts> recorded;
    if (!arguments.host.empty()) {
        auto host = read_host(arguments.host);
        if (!host) {
            return fail_with(std::move(host).error());
        }
        recorded = *std::move(host);
    }
    return as_checked(host_steps(plan, *lab, recorded)).map([](std::vector<Step> steps) {
        return std::optional(std::move(steps));
    });
}

}  // namespace

Checked<Answer> plan(const Arguments& arguments, const Terminal& /*terminal*/) {
    auto planned = plan_scenario(arguments);
    if (!planned) {
        return tl::unexpected(std::move(planned).error());
    }
    auto steps = named_steps(arguments, planned->plan);
    if (!steps) {
        return tl::unexpected(std::move(steps).error());
    }
    return plan_answer(*planned, arguments.pair_sd, *steps);
}

}  // namespace passbench::verb
