// What several verbs read: a scenario made a plan, the lab that belongs to it, the host's record.
#pragma once

#include <string>
#include <vector>

#include "harness/plan/make_plan.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/lab.hpp"
#include "harness/scenario/scenario.hpp"
#include "host/cli/arguments.hpp"

namespace passbench {

struct PlannedScenario {
    Plan plan;
    std::string text;                // the scenario's file
    std::vector<std::string> notes;  // what the plan does otherwise than the scenario's words say
};

/// The plan of arguments.scenario at arguments.scale.
[[nodiscard]] Checked<PlannedScenario> plan_scenario(const Arguments& arguments);

/// A host's record: what `doctor --save` or a run wrote.
[[nodiscard]] Result<HostFacts> read_host(const std::filesystem::path& path);

}  // namespace passbench
