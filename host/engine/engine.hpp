// The journal engine: the only code that changes a host. A lease carries a provider's steps out and puts them back; release()
// puts back what a lost lease left. It knows no provider: what can be surveyed and set is Resources.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/host_lock.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/restoration.hpp"
#include "host/engine/state_folder.hpp"
#include "host/engine/step.hpp"

namespace passbench {

struct LeaseOrder {
    std::string run;       // names the journal; leases of one run follow one another in it
    std::string provider;  // by which release() finds who can restore
    std::filesystem::path state_folder;
    std::vector<std::string> consents = {};  // "resource property" of each `keep` step that lab.toml allows
    EngineClock clock = system_clock();
    EngineTimes times = {};
};

/// A host prepared, until restore(). Holds host.lock.
class Lease {
public:
    /// Takes host.lock, surveys, and carries `steps` out in their order. Where one fails, those before it are undone and the error
    /// says what is left, if anything is. `resources` must outlive the lease.
    /// Errors: `busy` another controller holds the host; `precondition` an earlier run left changes (release them first), or a
    /// value is no longer what the step was computed from; `quarantined` a step touches what could not be put back earlier;
    /// `consent` a `keep` step without it; `timeout` a value does not become what was set; set()'s own; `io`.
    [[nodiscard]] static Result<Lease> acquire(Resources& resources, const std::vector<Step>& steps,
                                               const LeaseOrder& order);
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    /// Restores where restore() was not called; what it could not put back stays in journal and quarantine.
    ~Lease();

    /// The survey before anything was touched.
    [[nodiscard]] const HostFacts& snapshot() const;
    /// Restores in reverse, surveys, and gives host.lock back. To be called once.
    [[nodiscard]] Restoration restore();
    /// The journal of this run so far, for its run directory; readable after restore() too.
    [[nodiscard]] Result<std::string> journal_text() const;

private:
    struct State;
    explicit Lease(std::unique_ptr<State> state);
    Result<void> carry_out(const Step& step, HostFacts& facts);
    std::unique_ptr<State> state_;
};

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
                                            const EngineClock& clock = system_clock(), const EngineTimes& times = {});

}  // namespace passbench
