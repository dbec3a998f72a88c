#include <algorithm>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/plan/make_plan.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/report.hpp"
#include "harness/report/table.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

constexpr std::size_t shown_cases = 100;
constexpr std::size_t shown_blocks = 3;
constexpr std::size_t shown_slots = 8;
constexpr int most_blocks_proposed = 500;

std::string arms_text(const Plan& plan) {
    std::vector<std::string> arms;
    for (const std::string& arm : plan.arms) arms.push_back(printable(arm));
    if (arms.size() > 1) arms.front() += " (reference)";
    return joined(arms, ", ");
}

std::string looks_text(const Plan& plan) {
    std::vector<std::string> looks;
    for (const int blocks : plan.design.looks) looks.push_back(std::to_string(blocks));
    return joined(looks, ", ");
}

std::string gates_text(const PlannedCase& planned) {
    std::vector<std::string> gates;
    for (const Gate& gate : planned.gates) {
        gates.push_back(fmt::format("{} {}", printable(gate.metric), budget_text(gate.budget)));
    }
    return joined(gates, ", ");
}

std::string cases_section(const Plan& plan) {
    std::string text;
    std::size_t shown = 0;
    for (const CaseGroup& group : group_cases(plan)) {
        if (shown >= shown_cases) break;
        text += "\n";
        text += heading(heading_of(group), Colour::off);
        Table table({{"case"}, {"gate", Align::left, 30}});
        for (const LabelledCase& one : group.cases) {
            if (++shown > shown_cases) break;
            table.add({{one.label}, {gates_text(*one.planned)}});
        }
        text += table.text(Colour::off);
    }
    if (plan.cases.size() > shown_cases) text += fmt::format("  ({} more cases)\n", plan.cases.size() - shown_cases);
    return text;
}

std::string order_section(const Plan& plan) {
    std::map<int, std::string> labels;
    for (const CaseGroup& group : group_cases(plan)) {
        for (const LabelledCase& one : group.cases) {
            labels[static_cast<int>(one.planned - plan.cases.data())] = group.workload + " " + one.label;
        }
    }
    std::string text = "\norder (random from the seed, the same trials in every arm of a block)\n";
    for (std::size_t block = 0; block < plan.blocks.size() && block < shown_blocks; ++block) {
        std::vector<std::string> arms;
        for (const int arm : plan.blocks[block].arms) {
            arms.push_back(printable(plan.arms[static_cast<std::size_t>(arm)]));
        }
        const std::vector<Slot>& planned = plan.blocks[block].slots;
        std::vector<std::string> slots;
        for (std::size_t index = 0; index < planned.size() && index < shown_slots; ++index) {
            slots.push_back(labels[planned[index].case_index]);
        }
        if (planned.size() > shown_slots) slots.push_back(fmt::format("{} more", planned.size() - shown_slots));
        text += indented(fmt::format("  block {}: ", block),
                         fmt::format("{}: {}", joined(arms, ", "), joined(slots, "; ")), report_columns);
    }
    return text;
}

/// The smallest last look at which the effect that can be shown is within `budget`; nothing within reason.
std::optional<int> blocks_for(Plan plan, double pair_sd, double budget) {
    for (int blocks = plan.design.looks.back() + 1; blocks <= most_blocks_proposed; ++blocks) {
        plan.design.looks.back() = blocks;
        const auto effect = minimal_detectable_effect(plan, pair_sd);
        if (effect && *effect <= budget) return blocks;
    }
    return std::nullopt;
}

/// R11.1 and R11.2: what the design can show, and what would fix it where that is more than a budget.
std::string power_section(const Plan& plan, double pair_sd) {
    const auto effect = minimal_detectable_effect(plan, pair_sd);
    if (!effect) {
        return indented("can show: ",
                        plan.arms.size() < 2 ? "values with intervals; one arm gives no comparison"
                                             : "no change: a comparison needs at least 6 blocks",
                        report_columns);
    }
    std::string text =
        indented("can show: ",
                 fmt::format("a change of {} in 8 of 10 runs, if the log ratios of paired blocks have an "
                             "s.d. of {} (assumed, not measured)",
                             format_percent(*effect), format_percent(pair_sd)),
                 report_columns);
    double budget = 1.0;
    for (const PlannedCase& planned : plan.cases) {
        for (const Gate& gate : planned.gates) budget = std::min(budget, gate.budget);
    }
    if (*effect <= budget) return text;
    const auto blocks = blocks_for(plan, pair_sd, budget);
    return text + indented("warning: ",
                           fmt::format("that is more than the budget of {}; {}", budget_text(budget),
                                       blocks ? fmt::format("{} blocks at the last look would do", *blocks)
                                              : "no reasonable number of blocks mends that, quieten the machine first"),
                           report_columns);
}

}  // namespace

std::string terminal_plan(const Plan& plan, const std::vector<std::string>& notes, double pair_sd) {
    const PlanCost cost = estimate_cost(plan);
    std::string text = heading(heading_of(plan), Colour::off);
    const std::string factor = plan.factor.empty() ? "" : fmt::format("; factor: {}", printable(plan.factor));
    text += indented("  arms: ", arms_text(plan) + factor, report_columns);
    text +=
        indented("  ",
                 fmt::format("{}; blocks at the looks: {}; {} of {} each; seed {}", counted(plan.cases.size(), "case"),
                             looks_text(plan), counted(static_cast<std::size_t>(plan.design.trials), "trial"),
                             counted(static_cast<std::size_t>(plan.design.iterations), "iteration"), plan.design.seed),
                 report_columns);
    text += indented("  plan: ", printable(plan.sha256), report_columns);
    text += cases_section(plan) + order_section(plan) + "\n";
    text += indented("time: ",
                     fmt::format("about {:.1f} min for {} at the first look, {:.1f} min for {} at all looks. {}",
                                 cost.minutes_first_look, counted(cost.trials_first_look, "trial"),
                                 cost.minutes_all_looks, counted(cost.trials_all_looks, "trial"), cost.assumption),
                     report_columns);
    text += power_section(plan, pair_sd);
    for (const std::string& note : notes) text += indented("note: ", printable(note), report_columns);
    return text;
}

}  // namespace passbench
