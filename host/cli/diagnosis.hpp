// What `doctor` finds out, and what earlier runs left on the host, as data: the texts and documents are made from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/cli/method_text.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/release.hpp"

namespace passbench {

/// What is left of earlier runs in all state folders.
struct LeftBehind {
    std::vector<UnfinishedJournal> unfinished;
    std::vector<Error> unreadable;
    std::vector<QuarantineEntry> quarantined;
    std::string in_use_by;  // who holds the host now, "" where nobody does

    [[nodiscard]] bool is_nothing() const { return unfinished.empty() && unreadable.empty() && quarantined.empty(); }
};

[[nodiscard]] Result<LeftBehind> find_left_behind();
/// In lines; says so where there is nothing.
[[nodiscard]] std::string text_of(const LeftBehind& left);

struct Diagnosis {
    HostFacts host;                          // the survey, or the record that takes its place
    std::optional<Passthrough> passthrough;  // which the host can do with its GPUs; absent where it is not Windows
    std::optional<Environment> guest;        // as the agent sees this machine; absent where it could not be asked
    std::optional<Error> trouble;            // why it could not
    LeftBehind left;
};

[[nodiscard]] std::string text_of(const Diagnosis& diagnosis);

}  // namespace passbench
