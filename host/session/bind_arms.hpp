// The arms of a plan bound to what this lab offers, with the steps that each needs on its host. Looks at the host, changes
// nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"
#include "harness/records/plan.hpp"
#include "host/engine/step.hpp"
#include "host/providers/provider.hpp"
#include "host/session/session.hpp"

namespace passbench {

struct Arm {
    std::string name;
    LeaseRequest request;
    std::shared_ptr<Provider> provider;  // of all arms that are bound to it
    HostFacts survey;
    std::vector<Step> steps;
};

/// In the order of Plan::arms. Errors: `usage` where the lab does not offer an arm, `unsupported` for what this build cannot do,
/// the provider's own where the host cannot give what is asked.
[[nodiscard]] Result<std::vector<Arm>> bind_arms(const Plan& plan, const Lab& lab,
                                                 const std::optional<HostFacts>& recorded);

/// What a run was begun with, for its first event: digests of plan and scenario, the lab's bindings and preparations.
[[nodiscard]] Facts begun_with(const Plan& plan, std::string_view scenario_text, const Lab& lab);

/// Error `plan_changed` where digests differ, `precondition` where the lab does; says which and what to do.
[[nodiscard]] Result<void> check_same_beginning(const Facts& then, const Facts& now);

}  // namespace passbench
