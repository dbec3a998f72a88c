#include "harness/plan/make_plan.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "harness/plan/expand.hpp"
#include "harness/plan/order.hpp"

namespace passbench {

namespace {

// What one request may ask for, and what keeps a plan in the tens of megabytes.
constexpr std::size_t max_trials_a_block = 100'000;
constexpr std::size_t max_trials_an_arm = 1'000'000;

/// R5.3: the fewest blocks whose smallest two-sided p, 2/2^k, is within alpha divided among looks and gates.
int smallest_first_look(double alpha, std::size_t looks, std::size_t gates) {
    const double share = alpha / (static_cast<double>(looks) * static_cast<double>(gates));
    int blocks = 1;
    while (std::ldexp(2.0, -blocks) > share) ++blocks;
    return blocks;
}

/// No look with fewer blocks than a verdict of a gate needs.
std::vector<int> raised_looks(const Design& design, std::size_t gates) {
    std::vector<int> looks = design.looks;
    const int floor = smallest_first_look(design.alpha, looks.size(), gates);
    for (int& look : looks) look = std::max(look, floor);
    looks.erase(std::unique(looks.begin(), looks.end()), looks.end());
    return looks;
}

Design small_design(Design design) {
    constexpr std::int64_t longest_warmup_ns = 10'000'000;
    design.looks = {2};
    design.trials = 1;
    design.iterations = 5;
    design.warmup_ns = std::min(design.warmup_ns, longest_warmup_ns);
    design.warmup_cap_ns = std::min(design.warmup_cap_ns, longest_warmup_ns);
    return design;
}

Result<void> check_size(const Plan& plan) {
    const std::size_t a_block = plan.cases.size() * static_cast<std::size_t>(plan.design.trials);
    const std::size_t an_arm = a_block * static_cast<std::size_t>(plan.design.looks.back());
    if (a_block <= max_trials_a_block && an_arm <= max_trials_an_arm) return {};
    return fail({.code = ErrorCode::scenario,
                 .what = fmt::format("this plan has {} trials a block and {} an arm, more than {} or {}", a_block,
                                     an_arm, max_trials_a_block, max_trials_an_arm),
                 .where = plan.scenario,
                 .fix = fmt::format("Plan fewer cases ({}), trials ({}) or blocks ({}).", plan.cases.size(),
                                    plan.design.trials, plan.design.looks.back())});
}

}  // namespace

std::size_t judged_gates(const Plan& plan) {
    if (plan.arms.size() < 2) return 0;
    std::size_t gates = 0;
    for (const PlannedCase& planned : plan.cases) gates += planned.gates.size();
    return gates * (plan.arms.size() - 1);
}

Result<Plan> make_plan(const Scenario& scenario, Scale scale) {
    PASSBENCH_TRY(std::vector<PlannedCase> cases, expand_cases(scenario, scale));
    Plan plan{.scenario = scenario.stem,
              .title = scenario.title,
              .factor = scenario.factor,
              .arms = scenario.arms,
              .machine = scenario.machine,
              .cases = std::move(cases),
              .design = scale == Scale::small ? small_design(scenario.design) : scenario.design,
              .blocks = {},
              .sha256 = {}};
    const std::size_t gates = judged_gates(plan);
    if (gates > 0 && scale == Scale::full) plan.design.looks = raised_looks(plan.design, gates);
    PASSBENCH_CHECK(check_size(plan));
    plan.blocks = randomised_blocks({.arms = static_cast<int>(plan.arms.size()),
                                     .cases = static_cast<int>(plan.cases.size()),
                                     .trials = plan.design.trials,
                                     .blocks = plan.design.looks.back(),
                                     .seed = plan.design.seed});
    plan.sha256 = plan_digest(plan);
    return plan;
}

std::vector<std::string> plan_notes(const Scenario& scenario, const Plan& plan, Scale scale) {
    std::vector<std::string> notes;
    if (const std::size_t merged = count_combinations(scenario) - plan.cases.size(); merged > 0) {
        notes.push_back(fmt::format("{} of {} combinations would do the same as another and are merged with it.",
                                    merged, count_combinations(scenario)));
    }
    if (scale == Scale::small) {
        notes.emplace_back(
            "Scale small: sizes at most 1 MiB, 2 blocks, 5 iterations; it shows that all parts work, its "
            "values say nothing about the machine.");
    } else if (plan.design.looks != scenario.design.looks) {
        notes.push_back(
            fmt::format("The first look is after {} blocks, not {}: with {} gates at {} looks no paired interval "
                        "of the confidence that a verdict needs exists below that.",
                        plan.design.looks.front(), scenario.design.looks.front(), judged_gates(plan),
                        scenario.design.looks.size()));
    }
    return notes;
}

std::vector<Slot> slots_of(const Plan& plan, int block, const std::vector<bool>& wanted_cases) {
    std::vector<Slot> slots;
    for (const Slot& slot : plan.blocks[static_cast<std::size_t>(block)].slots) {
        if (wanted_cases[static_cast<std::size_t>(slot.case_index)]) slots.push_back(slot);
    }
    return slots;
}

}  // namespace passbench
