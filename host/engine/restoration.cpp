#include "host/engine/restoration.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/core/clock.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/set_and_observe.hpp"

namespace passbench {
namespace {

/// How often a value that changed again after it was set back is set back once more: one late host job, and one to spare.
constexpr int max_rounds = 3;

class Restorer {
public:
    Restorer(RestoreWork& work, JournalLease& lease, HostRest rest)
        : work_(work), lease_(lease), rest_(rest), ends_(lease.steps.size()), spent_ns_(lease.steps.size()) {
        for (std::size_t index = 0; index < lease.steps.size(); ++index) {
            const Step& step = lease.steps[index].step;
            if (step.undo == Undo::restore) chains_[{step.resource, step.property}].push_back(index);
        }
    }

    Restoration run() {
        if (survey()) {
            reopen_strays();
            for (int round = 1; restore_all() && may_still_change(); ++round) {
                if (!survey() || !reopen_strays()) break;
                if (round == max_rounds) {
                    quarantine_strays();
                    break;
                }
            }
            finish();
        }
        return std::move(result_);
    }

private:
    /// The steps that set one property, in the order they were carried out: each one's `before` is the last one's `wanted`.
    using Chain = std::vector<std::size_t>;

    bool survey() {
        auto facts = rest_ == HostRest::awaited ? survey_at_rest(work_.resources, work_.times)
                                                : survey_patiently(work_.resources, work_.times);
        if (!facts && rest_ == HostRest::awaited) {
            // A host that never rests is put back all the same, but its journal stays open.
            note_error(std::move(facts).error());
            may_end_ = false;
            facts = survey_patiently(work_.resources, work_.times);
        }
        if (!facts) {
            note_error(std::move(facts).error());
            may_end_ = false;
            return false;
        }
        facts_ = *std::move(facts);
        return true;
    }

    /// What shows as it should may be overtaken by the end of an earlier call: a set that had not shown, a job that is still listed.
    bool may_still_change() {
        if (rest_ == HostRest::awaited) return true;
        const auto jobs = work_.resources.jobs();
        if (!jobs || !jobs->empty()) rest_ = HostRest::awaited;
        return rest_ == HostRest::awaited;
    }

    /// One pass in reverse; true where something was set.
    bool restore_all() {
        bool was_set = false;
        for (std::size_t index = lease_.steps.size(); index-- > 0;) {
            if (restore_step(index)) was_set = true;
        }
        return was_set;
    }

    bool restore_step(std::size_t index) {
        JournalStep& entry = lease_.steps[index];
        if (entry.step.undo == Undo::keep) {
            settle(index, StepPhase::kept, StepEnd::kept);
            return false;
        }
        if (entry.phase == StepPhase::restored) {
            if (!ends_[index]) ends_[index] = StepEnd::restored;
            return false;
        }
        const std::string observed = observed_of(index);
        if (observed == entry.step.before) {
            settle_restored(index, StepEnd::unchanged);
            return false;
        }
        // First the values that are known, for a loop (off, on, off) has its old values twice; then those that may be ours.
        if (observed == entry.step.wanted) return set_back(index);
        if (is_before_of_earlier(index, observed)) {
            settle_restored(index, StepEnd::unchanged);
            return false;
        }
        if (may_be_ours(index, observed)) return set_back(index);
        settle(index, StepPhase::left, StepEnd::left);
        return false;
    }

    /// Whether a value that is neither `before` nor `wanted` may be set back: mid-change nobody can say what it would be by now, or
    /// the property went away. Anything else was set by somebody else since.
    [[nodiscard]] bool may_be_ours(std::size_t index, const std::string& observed) const {
        const JournalStep& entry = lease_.steps[index];
        if (observed.empty() || !entry.was_done) return true;
        if (entry.phase == StepPhase::restoring || entry.phase == StepPhase::quarantined) return true;
        const Chain& chain = chain_of(index);
        return std::any_of(chain.begin(), chain.end(), [&](std::size_t later) {
            return later > index && lease_.steps[later].phase == StepPhase::quarantined;
        });
    }

    /// The step is not in effect any more: an earlier try to restore, or a reboot, took the property back to where an earlier step found it.
    [[nodiscard]] bool is_before_of_earlier(std::size_t index, const std::string& observed) const {
        const Chain& chain = chain_of(index);
        return std::any_of(chain.begin(), chain.end(), [&](std::size_t earlier) {
            return earlier < index && lease_.steps[earlier].step.before == observed;
        });
    }

    bool set_back(std::size_t index) {
        JournalStep& entry = lease_.steps[index];
        entry.phase = StepPhase::restoring;
        note_failure(work_.journal.note(lease_.number, index, StepPhase::restoring, observed_of(index)));
        auto facts = try_to_set(index);
        // Once more: what refuses once may have been busy, and steps before this one may need what it gives back.
        if (!facts && observed_of(index) != entry.step.before) facts = try_to_set(index);
        if (facts || observed_of(index) == entry.step.before) {
            settle_restored(index, StepEnd::restored);
            return true;
        }
        const std::string why = facts.error().what;
        note_error(std::move(facts).error());
        quarantine(index, why);
        return true;
    }

    /// The survey after it is kept, whether it showed the value or not.
    Result<void> try_to_set(std::size_t index) {
        const Step& step = lease_.steps[index].step;
        const EngineClock clock = work_.resources.clock();
        const std::int64_t begun_ns = clock.now_ns();
        auto facts = set_and_observe(work_.resources, work_.times, step, step.before);
        spent_ns_[index] += clock.now_ns() - begun_ns;
        if (facts) {
            facts_ = *std::move(facts);
            return {};
        }
        rest_ = HostRest::awaited;
        if (auto now = work_.resources.survey(); now) facts_ = *std::move(now);
        return fail(std::move(facts).error());
    }

    void settle_restored(std::size_t index, StepEnd end) {
        settle(index, StepPhase::restored, end);
        const Step& step = lease_.steps[index].step;
        note_failure(clear_quarantine(work_.state_folder, step.resource, step.property));
        for (const std::size_t later : chain_of(index)) {
            if (lease_.steps[later].phase == StepPhase::quarantined)
                settle(later, StepPhase::restored, StepEnd::restored);
        }
    }

    void quarantine(std::size_t index, const std::string& why) {
        const Step& step = lease_.steps[index].step;
        auto kept = put_in_quarantine(work_.state_folder, {.resource = step.resource,
                                                           .property = step.property,
                                                           .before = step.before,
                                                           .wanted = step.wanted,
                                                           .observed = observed_of(index),
                                                           .provider = lease_.provider,
                                                           .run = work_.run,
                                                           .since = utc_now(),
                                                           .why = why});
        // Where it cannot be named in the quarantine, the open journal has to remember it.
        if (!kept) may_end_ = false;
        note_failure(std::move(kept));
        settle(index, StepPhase::quarantined, StepEnd::quarantined);
    }

    void settle(std::size_t index, StepPhase phase, StepEnd end) {
        JournalStep& entry = lease_.steps[index];
        if (entry.phase != phase) {
            entry.phase = phase;
            note_failure(work_.journal.note(lease_.number, index, phase, observed_of(index)));
        }
        // What was set back in an earlier round and needed nothing in this one was set back.
        if (end == StepEnd::unchanged && ends_[index] == StepEnd::restored) return;
        ends_[index] = end;
    }

    /// A property that was set back is not where it was set back to: the late end of one of our sets. True where there is one;
    /// its steps are then as if they had not been restored.
    bool reopen_strays() {
        bool found = false;
        for (const auto& [name, chain] : chains_) {
            const std::optional<std::size_t> lowest = lowest_restored(chain);
            if (!lowest || !is_stray(chain, *lowest)) continue;
            found = true;
            for (const std::size_t index : chain) {
                JournalStep& entry = lease_.steps[index];
                if (index >= *lowest) entry.phase = entry.was_done ? StepPhase::done : StepPhase::intended;
            }
        }
        return found;
    }

    /// The step that the restoring of this property has come down to; nothing where it is not certain.
    [[nodiscard]] std::optional<std::size_t> lowest_restored(const Chain& chain) const {
        for (const std::size_t index : chain) {
            if (lease_.steps[index].phase == StepPhase::restoring) return std::nullopt;
            if (lease_.steps[index].phase == StepPhase::restored) return index;
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is_stray(const Chain& chain, std::size_t lowest) const {
        const std::string observed = observed_of(lowest);
        if (observed == lease_.steps[lowest].step.before) return false;
        return std::any_of(chain.begin(), chain.end(), [&](std::size_t index) {
            const JournalStep& entry = lease_.steps[index];
            return index >= lowest && (entry.step.wanted == observed || !entry.was_done);
        });
    }

    void quarantine_strays() {
        for (const auto& [name, chain] : chains_) {
            const std::size_t first = chain.front();
            if (observed_of(first) == lease_.steps[first].step.before) continue;
            if (ends_[first] != StepEnd::restored) continue;
            quarantine(first, "it was set back " + std::to_string(max_rounds) + " times and changed again each time");
        }
    }

    void finish() {
        for (std::size_t index = lease_.steps.size(); index-- > 0;) {
            result_.steps.push_back({.step = lease_.steps[index].step,
                                     .end = ends_[index].value_or(StepEnd::unchanged),
                                     .observed = observed_of(index),
                                     .spent_ns = spent_ns_[index]});
        }
        if (auto facts = survey_patiently(work_.resources, work_.times); facts) {
            result_.was_surveyed = true;
            result_.differences = host_differences(lease_.snapshot, *facts, lease_.steps);
        } else {
            note_error(std::move(facts).error());
            may_end_ = false;
        }
        if (!may_end_) return;
        auto ended = work_.journal.end(lease_.number);
        lease_.ended = ended.has_value();
        note_failure(std::move(ended));
    }

    [[nodiscard]] const Chain& chain_of(std::size_t index) const {
        const Step& step = lease_.steps[index].step;
        return chains_.at({step.resource, step.property});
    }

    [[nodiscard]] std::string observed_of(std::size_t index) const {
        const Step& step = lease_.steps[index].step;
        return observed_value(facts_, step.resource, step.property);
    }

    void note_error(Error error) {
        // A full disk refuses every line of the journal; once is enough to hear of it.
        const auto is_same = [&](const Error& known) { return known.what == error.what && known.where == error.where; };
        if (std::any_of(result_.errors.begin(), result_.errors.end(), is_same)) return;
        error.trail.push_back("restoring the host after run " + work_.run);
        result_.errors.push_back(std::move(error));
    }

    void note_failure(Result<void> outcome) {
        if (!outcome) note_error(std::move(outcome).error());
    }

    RestoreWork& work_;
    JournalLease& lease_;
    HostRest rest_;
    std::map<std::pair<std::string, std::string>, Chain> chains_;
    std::vector<std::optional<StepEnd>> ends_;
    std::vector<std::int64_t> spent_ns_;  // setting each step back
    HostFacts facts_;
    Restoration result_;
    bool may_end_ = true;
};

}  // namespace

std::string_view to_string(StepEnd end) {
    switch (end) {
        case StepEnd::restored:
            return "restored";
        case StepEnd::unchanged:
            return "unchanged";
        case StepEnd::left:
            return "left";
        case StepEnd::quarantined:
            return "quarantined";
        case StepEnd::kept:
            return "kept";
    }
    return "";
}

std::string to_text(const RestoredStep& step) {
    std::string name = step.step.resource + " " + step.step.property + ": ";
    switch (step.end) {
        case StepEnd::restored:
            return name + "set back to '" + step.step.before + "'";
        case StepEnd::unchanged:
            return name + "is '" + step.observed + "' as before, nothing had to be done";
        case StepEnd::left:
            return name + "somebody else has set it to '" + step.observed + "' since, so it was left alone (it was '" +
                   step.step.before + "' before the run)";
        case StepEnd::quarantined:
            return name + "could not be set back to '" + step.step.before + "', it is '" + step.observed +
                   "'; it is in quarantine until it is back";
        case StepEnd::kept:
            return name + "stays '" + step.observed + "', as lab.toml consents to";
    }
    return name;
}

std::vector<HostDifference> host_differences(const HostFacts& snapshot, const HostFacts& now,
                                             const std::vector<JournalStep>& steps) {
    std::set<std::pair<std::string, std::string>> kept;
    std::set<std::string> made;
    for (const JournalStep& entry : steps) {
        if (entry.step.undo != Undo::keep) continue;
        kept.insert({entry.step.resource, entry.step.property});
        made.insert(entry.step.resource);
    }
    std::vector<HostDifference> found;
    const auto compare = [&](const std::string& resource, const Facts& before, const Facts& after) {
        for (const FactDifference& difference : differences(before, after)) {
            if (kept.contains({resource, difference.key})) continue;
            if (made.contains(resource) && !before.contains(difference.key)) continue;
            found.push_back(
                {.resource = resource, .property = difference.key, .before = difference.left, .now = difference.right});
        }
    };
    for (const auto& [resource, before] : snapshot) {
        const auto after = now.find(resource);
        compare(resource, before, after == now.end() ? Facts() : after->second);
    }
    for (const auto& [resource, after] : now) {
        if (!snapshot.contains(resource)) compare(resource, {}, after);
    }
    return found;
}

Restoration restore(RestoreWork& work, JournalLease& lease, HostRest rest) { return Restorer(work, lease, rest).run(); }

}  // namespace passbench
