// What leases left that could not put their host back, by a crash or a reboot: found for `doctor`, put back for `release`, from
// the files of the state folder alone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/restoration.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// A journal whose host was not put back.
struct UnfinishedJournal {
    std::string run;
    std::string provider;
    std::string begun;  // UTC
    std::filesystem::path path;
    std::vector<JournalStep> steps;  // of its open leases
};

struct UnfinishedJournals {
    std::vector<UnfinishedJournal> journals;
    std::vector<Error> unreadable;  // journals that say nothing to this version
};

/// For `doctor`. While lock_holder() names somebody, an unfinished journal is a lease at work.
[[nodiscard]] Result<UnfinishedJournals> unfinished_journals(const std::filesystem::path& state_folder);

/// Who can survey and set for a provider's name.
using ResourcesFactory = std::function<Result<std::unique_ptr<Resources>>(const std::string& provider)>;

struct ReleasedLease {
    std::string run;
    std::string provider;
    Restoration restoration;
};

struct ReleaseReport {
    std::vector<ReleasedLease> leases;
    std::vector<QuarantineEntry> back;         // quarantined earlier, put back now
    std::vector<QuarantineEntry> quarantined;  // what still is
    std::vector<Error> errors;  // what stood in the way of a whole lease: unreadable journal, unknown provider

    /// Nothing is left to do on this host.
    [[nodiscard]] bool is_clean() const;
};

/// Puts back what unfinished journals left, from the state folder alone, after a crash or a reboot; then tries quarantined
/// values again. Idempotent, and safe to be killed at any point. Error `busy` while a lease is open, `io`.
[[nodiscard]] Result<ReleaseReport> release(const std::filesystem::path& state_folder, const ResourcesFactory& factory,
                                            const EngineTimes& times = {});

}  // namespace passbench
