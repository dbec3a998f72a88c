// What can be asked of a guest that needs no preparing, before anything is made: who it is (doctor), and whether its card is the one
// that a scenario demands.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "host/providers/provider.hpp"
#include "host/session/bind_arms.hpp"
#include "host/session/session.hpp"

namespace passbench {

/// The probe of a provider's guest as it is now; `agent` is the path of the agent to use, "" for the provider's own. Errors as
/// probe_guest's.
[[nodiscard]] Result<Environment> ask_guest(Provider& provider, const std::string& agent, const StopAsked& stop);

/// Holds the card of each arm's guest against `machine.gpu` of the plan; nothing to do where the plan demands none, and in a
/// simulated lab, where no card is used. Errors: `precondition` naming what is there and what is asked for, and ask_guest's.
[[nodiscard]] Result<void> check_cards(const Plan& plan, const std::vector<Arm>& arms, const Measuring& measuring);

}  // namespace passbench
