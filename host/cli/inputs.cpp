#include "host/cli/inputs.hpp"

#include <utility>

#include "harness/core/store.hpp"
#include "host/cli/verbs.hpp"

namespace passbench {

Checked<PlannedScenario> plan_scenario(const Arguments& arguments) {
    auto scenario = read_scenario(arguments.scenario);
    if (!scenario) {
        return tl::unexpected(std::move(scenario).error());
    }
    auto plan = make_plan(*scenario, arguments.scale);
    if (!plan) {
        return fail_with(std::move(plan).error());
    }
    auto notes = plan_notes(*scenario, *plan, arguments.scale);
    return PlannedScenario{*std::move(plan), std::move(scenario->text), std::move(notes)};
}

Checked<Lab> choose_lab(const Arguments& arguments) {
    if (arguments.lab == "simulated") {
        return fail_with({.code = ErrorCode::unsupported,
                          .what = "this build has no simulated lab",
                          .where = "--lab simulated",
                          .fix = "Leave --lab away to measure this machine, or name a lab file."});
    }
    if (!arguments.lab.empty()) {
        return read_lab(arguments.lab);
    }
    return arguments.scenario.empty() ? default_lab() : lab_beside(arguments.scenario);
}

Result<HostFacts> read_host(const std::filesystem::path& path) {
    constexpr std::int64_t limit_bytes = 16 << 20;  // a host with hundreds of devices stays under 1 MiB
    const auto text = read_file(path, limit_bytes);
    if (!text) {
        return fail_in(text.error(), "reading the host record " + path.string());
    }
    auto host = host_from_json(*text);
    if (!host) {
        auto error = host.error();
        error.where = path.string() + (error.where.empty() ? "" : ": " + error.where);
        return fail_in(std::move(error), "reading the host record " + path.string());
    }
    return host;
}

}  // namespace passbench
