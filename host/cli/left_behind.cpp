#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "host/cli/diagnosis.hpp"
#include "host/engine/host_lock.hpp"
#include "host/engine/state_folder.hpp"

namespace passbench {

Result<LeftBehind> find_left_behind() {
    LeftBehind left;
    for (const auto& folder : existing_state_folders()) {
        PASSBENCH_TRY(auto journals, unfinished_journals(folder));
        PASSBENCH_TRY(auto quarantined, read_quarantine(folder));
        std::move(journals.journals.begin(), journals.journals.end(), std::back_inserter(left.unfinished));
        std::move(journals.unreadable.begin(), journals.unreadable.end(), std::back_inserter(left.unreadable));
        std::move(quarantined.begin(), quarantined.end(), std::back_inserter(left.quarantined));
        if (const auto holder = lock_holder(folder)) {
            left.in_use_by = *holder;
        }
    }
    return left;
}

std::string text_of(const LeftBehind& left) {
    std::string text;
    if (!left.in_use_by.empty()) {
        text += fmt::format("  in use by {}\n", left.in_use_by);
    }
    for (const auto& journal : left.unfinished) {
        text += fmt::format("  run {} ({}, begun {}) did not give back {} change(s)\n", journal.run, journal.provider,
                            journal.begun, journal.steps.size());
        for (const auto& [step, phase, was_done] : journal.steps) {
            text += fmt::format("    {} {}: was {}, set to {} ({})\n", step.resource, step.property, step.before,
                                step.wanted, to_string(phase));
        }
    }
    for (const auto& error : left.unreadable) {
        text += fmt::format("  {}\n", to_text(error));
    }
    for (const auto& entry : left.quarantined) {
        text += fmt::format("  quarantined: {} {} should be {}, is {} (run {}, since {}): {}\n", entry.resource,
                            entry.property, entry.before, entry.observed, entry.run, entry.since, entry.why);
    }
    if (left.is_nothing()) {
        text += "  nothing: every run gave back what it changed\n";
    } else if (left.in_use_by.empty()) {
        text += "  give it back with: passbench release\n";
    }
    return text;
}

}  // namespace passbench
