#include "host/cli/plan_answer.hpp"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/report/report.hpp"
#include "host/cli/json_documents.hpp"

namespace passbench {
namespace {

std::string text_of(const std::vector<Step>& steps) {
    if (steps.empty()) {
        return "Steps on the host: none, nothing is changed.\n";
    }
    std::string text = "Steps on the host, undone after each block in reverse order:\n";
    int number = 0;
    for (const auto& step : steps) {
        text += fmt::format("  {}. {} {}: {} -> {}{}\n", ++number, step.resource, step.property, step.before,
                            step.wanted, step.undo == Undo::keep ? " (stays)" : "");
        if (!step.why.empty()) {
            text += fmt::format("     {}\n", step.why);
        }
    }
    return text;
}

}  // namespace

Answer plan_answer(const PlannedScenario& planned, double pair_sd, const std::optional<std::vector<Step>>& steps) {
    std::string text = terminal_plan(planned.plan, planned.notes, pair_sd);
    if (steps) text.append("\n").append(text_of(*steps));
    return {.exit = 0, .text = std::move(text), .data = plan_data(planned, pair_sd, steps)};
}

}  // namespace passbench
