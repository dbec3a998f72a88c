#include "host/engine/release.hpp"

#include <algorithm>
#include <utility>

#include "host/engine/host_lock.hpp"
#include "host/engine/set_and_observe.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// The work of one release(): what its parts share.
struct Release {
    const fs::path& state_folder;
    const ResourcesFactory& factory;
    const EngineTimes& times;
    ReleaseReport report = {};
};

void release_lease(Release& release, Journal& journal, const std::string& run, JournalLease& lease) {
    auto resources = release.factory(lease.provider);
    if (!resources) {
        Error error = std::move(resources).error();
        error.trail.push_back("restoring what run " + run + " left");
        release.report.errors.push_back(std::move(error));
        return;
    }
    RestoreWork work{.resources = **resources,
                     .journal = journal,
                     .state_folder = release.state_folder,
                     .run = run,
                     .times = release.times};
    release.report.leases.push_back(
        {.run = run, .provider = lease.provider, .restoration = restore(work, lease, HostRest::awaited)});
}

Result<void> release_journal(Release& release, const fs::path& path) {
    PASSBENCH_TRY(JournalContent content, read_journal(path));
    const std::string run = path.stem().string();
    const bool is_open = std::any_of(content.leases.begin(), content.leases.end(),
                                     [](const JournalLease& lease) { return lease.is_open(); });
    if (is_open) {
        PASSBENCH_TRY(Journal journal, Journal::open(release.state_folder, run));
        for (auto lease = content.leases.rbegin(); lease != content.leases.rend(); ++lease) {
            if (lease->is_open()) release_lease(release, journal, run, *lease);
        }
        PASSBENCH_TRY(content, read_journal(path));
    }
    release.report.errors.insert(release.report.errors.end(), content.damage.begin(), content.damage.end());
    return {};
}

/// Whether a quarantined value is still what the run left: nobody has cared for it since.
bool is_untouched(const QuarantineEntry& entry, const std::string& observed) {
    return observed == entry.observed || observed == entry.wanted;
}

/// True where the value is as before now.
Result<bool> try_again(Release& release, const QuarantineEntry& entry) {
    PASSBENCH_TRY(const std::unique_ptr<Resources> resources, release.factory(entry.provider));
    PASSBENCH_TRY(const HostFacts facts, survey_patiently(*resources, release.times));
    const std::string observed = observed_value(facts, entry.resource, entry.property);
    if (observed == entry.before) return true;
    if (!is_untouched(entry, observed)) return false;
    const Step step{
        .resource = entry.resource, .property = entry.property, .before = entry.before, .wanted = entry.wanted};
    PASSBENCH_CHECK(set_and_observe(*resources, release.times, step, entry.before));
    return true;
}

Result<void> release_quarantined(Release& release, const std::vector<QuarantineEntry>& earlier) {
    for (const QuarantineEntry& entry : earlier) {
        auto is_back = try_again(release, entry);
        if (!is_back) {
            release.report.errors.push_back(std::move(is_back).error());
        } else if (*is_back) {
            PASSBENCH_CHECK(clear_quarantine(release.state_folder, entry.resource, entry.property));
            release.report.back.push_back(entry);
        }
    }
    return {};
}

/// Asked before the lock is taken, so that who may only read the folder hears that all is well.
Result<bool> has_nothing_left(const fs::path& state_folder) {
    PASSBENCH_TRY(const std::vector<fs::path> paths, journals(state_folder));
    PASSBENCH_TRY(const std::vector<QuarantineEntry> quarantined, read_quarantine(state_folder));
    return quarantined.empty() && std::all_of(paths.begin(), paths.end(), is_finished);
}

}  // namespace

Result<UnfinishedJournals> unfinished_journals(const fs::path& state_folder) {
    UnfinishedJournals found;
    PASSBENCH_TRY(const std::vector<fs::path> paths, journals(state_folder));
    for (const fs::path& path : paths) {
        if (is_finished(path)) continue;
        const auto content = read_journal(path);
        if (!content) {
            found.unreadable.push_back(content.error());
            continue;
        }
        found.unreadable.insert(found.unreadable.end(), content->damage.begin(), content->damage.end());
        UnfinishedJournal journal;
        journal.run = path.stem().string();
        journal.path = path;
        for (const JournalLease& lease : content->leases) {
            if (!lease.is_open()) continue;
            journal.provider = lease.provider;
            journal.begun = lease.begun;
            journal.steps.insert(journal.steps.end(), lease.steps.begin(), lease.steps.end());
        }
        if (!journal.steps.empty()) found.journals.push_back(std::move(journal));
    }
    return found;
}

bool ReleaseReport::is_clean() const {
    return errors.empty() && quarantined.empty() &&
           std::all_of(leases.begin(), leases.end(), [](const ReleasedLease& lease) {
               return lease.restoration.errors.empty() && lease.restoration.host_equals_snapshot();
           });
}

Result<ReleaseReport> release(const fs::path& state_folder, const ResourcesFactory& factory, const EngineTimes& times) {
    PASSBENCH_TRY(const bool is_nothing_left, has_nothing_left(state_folder));
    if (is_nothing_left) return ReleaseReport{};
    PASSBENCH_TRY(const HostLock lock, HostLock::take(state_folder, "release"));
    Release release{state_folder, factory, times};
    PASSBENCH_TRY(const std::vector<QuarantineEntry> earlier, read_quarantine(state_folder));
    PASSBENCH_TRY(const std::vector<fs::path> paths, journals(state_folder));
    for (const fs::path& path : paths) {
        if (is_finished(path)) continue;
        if (auto released = release_journal(release, path); !released) {
            release.report.errors.push_back(std::move(released).error());
        }
    }
    PASSBENCH_CHECK(release_quarantined(release, earlier));
    PASSBENCH_TRY(release.report.quarantined, read_quarantine(state_folder));
    return std::move(release.report);
}

}  // namespace passbench
