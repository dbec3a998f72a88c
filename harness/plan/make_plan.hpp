// From a scenario to a plan: the matrix expanded, seeds and order fixed (R6.1, R6.2), every default written out. Pure: the
// same scenario gives the same bytes on every machine.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/plan.hpp"
#include "harness/scenario/scenario.hpp"

namespace passbench {

enum class Scale { full, small };

/// Error `scenario` where the matrix exceeds max_expanded_cases (with the count and the axis that made it), the trials are too
/// many for one run, or two [[case]] tables name one case. Where arms are gated, looks are raised to what R5.3 asks for.
/// Scale small: 2 blocks at one look, 1 trial, 5 iterations, no warm-up beyond 10 ms, sizes capped at 1 MiB.
[[nodiscard]] Result<Plan> make_plan(const Scenario& scenario, Scale scale);

/// What the plan does otherwise than the scenario's words say, a sentence each: merged cases, looks that were raised.
[[nodiscard]] std::vector<std::string> plan_notes(const Scenario& scenario, const Plan& plan, Scale scale);

/// The gates that a run judges, which alpha is divided among: each gate of each case in each arm but the reference.
[[nodiscard]] std::size_t judged_gates(const Plan& plan);

/// What a plan costs, from stated assumptions (never from this machine): the time of a trial = start + warm-up +
/// iterations x assumed time of one.
struct PlanCost {
    double minutes_first_look;
    double minutes_all_looks;
    std::size_t trials_first_look;
    std::size_t trials_all_looks;
    std::string assumption;  // one sentence
};
[[nodiscard]] PlanCost estimate_cost(const Plan& plan);

/// R11.1 with K = the last look, a = alpha / (looks x judged_gates), and `pair_sd` the assumed s.d. of a paired log ratio.
/// Nothing where there is one arm or fewer than 6 blocks.
[[nodiscard]] std::optional<double> minimal_detectable_effect(const Plan& plan, double pair_sd);

/// The slots of one block, of the wanted cases alone (one flag a case), in their realised order.
[[nodiscard]] std::vector<Slot> slots_of(const Plan& plan, int block, const std::vector<bool>& wanted_cases);

}  // namespace passbench
