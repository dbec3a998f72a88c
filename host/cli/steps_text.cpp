#include "host/cli/steps_text.hpp"

#include <fmt/core.h>

namespace passbench {

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

}  // namespace passbench
