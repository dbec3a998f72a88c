#include "host/cli/plan_answer.hpp"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/report/report.hpp"
#include "host/cli/json_documents.hpp"

namespace passbench {
namespace {

std::string text_of(const ArmSteps& arm) {
    std::string text = fmt::format("Steps on the host for {}, undone after each block in reverse order:\n", arm.arm);
    int number = 0;
    for (const auto& step : arm.steps) {
        text += fmt::format("  {}. {} {}: {} -> {}{}\n", ++number, step.resource, step.property, step.before,
                            step.wanted, step.undo == Undo::keep ? " (stays)" : "");
        if (!step.why.empty()) {
            text += fmt::format("     {}\n", step.why);
        }
    }
    if (!arm.script.empty()) {
        text += "The same by hand:\n";
        for (std::size_t from = 0; from < arm.script.size();) {
            const auto end = arm.script.find('\n', from);
            text += fmt::format("  {}\n", arm.script.substr(from, end - from));
            from = end == std::string::npos ? arm.script.size() : end + 1;
        }
    }
    return text;
}

std::string text_of(const std::vector<ArmSteps>& arms) {
    std::string text;
    for (const auto& arm : arms) {
        if (!arm.steps.empty()) text += (text.empty() ? "" : "\n") + text_of(arm);
    }
    return text.empty() ? "Steps on the host: none, nothing is changed.\n" : text;
}

}  // namespace

Answer plan_answer(const PlannedScenario& planned, double pair_sd, const std::optional<std::vector<ArmSteps>>& steps) {
    std::string text = terminal_plan(planned.plan, planned.notes, pair_sd);
    if (steps) text.append("\n").append(text_of(*steps));
    return {.exit = 0, .text = std::move(text), .data = plan_data(planned, pair_sd, steps)};
}

}  // namespace passbench
