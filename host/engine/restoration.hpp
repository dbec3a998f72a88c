// Putting a host back: the one function that a lease and `release` share. It works from the steps of a journal and a survey,
// never from memory of what was done, so that it can be begun again at any point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// What became of one step: it was set back; nothing had to be done; somebody else had changed the value since, so it was left
/// alone; it cannot be put back; it stays, as consented to.
enum class StepEnd { restored, unchanged, left, quarantined, kept };
[[nodiscard]] std::string_view to_string(StepEnd end);

struct RestoredStep {
    Step step;
    StepEnd end = StepEnd::unchanged;
    std::string observed;       // at the end
    std::int64_t spent_ns = 0;  // setting it back, in the time of the host; 0 where nothing was set
};
/// The same as a sentence for a person.
[[nodiscard]] std::string to_text(const RestoredStep& step);

/// One property that is not as the snapshot has it; "" where it is absent on one side.
struct HostDifference {
    std::string resource;
    std::string property;
    std::string before;
    std::string now;
};

/// All properties that differ, except those of `keep` steps, and what a resource was not known to have before one of them: a virtual
/// machine that is deployed for good brings its own properties.
[[nodiscard]] std::vector<HostDifference> host_differences(const HostFacts& snapshot, const HostFacts& now,
                                                           const std::vector<JournalStep>& steps);

struct Restoration {
    std::vector<RestoredStep> steps;          // in the order of restoring: the last step first
    std::vector<HostDifference> differences;  // that are left
    std::vector<Error> errors;                // met on the way; restoring went on
    bool was_surveyed = false;                // the host could be surveyed at the end

    /// The host is as it was before the lease (`keep` steps aside): the clause that a qualified run needs.
    [[nodiscard]] bool host_equals_snapshot() const { return was_surveyed && differences.empty(); }
};

/// Whether all that was set is known to have taken effect. After a crash, or after a set that did not show, it is not: host
/// jobs outlive the call that began them, so the host must come to rest first.
enum class HostRest { known, awaited };

/// What restoring works on.
struct RestoreWork {
    Resources& resources;
    Journal& journal;
    std::filesystem::path state_folder;
    std::string run;
    EngineTimes times;
};

/// Restores the steps of `lease` in reverse, ends it in the journal, and tells what became of each step. A journal that cannot
/// be written (disk full) does not stop it: the host comes first.
[[nodiscard]] Restoration restore(RestoreWork& work, JournalLease& lease, HostRest rest);

}  // namespace passbench
