#include "host/engine/lease.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "harness/core/clock.hpp"
#include "host/engine/host_lock.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/release.hpp"
#include "host/engine/set_and_observe.hpp"

namespace passbench {

namespace fs = std::filesystem;

struct Lease::State {
    Resources& resources;
    LeaseOrder order;
    std::optional<HostLock> lock;
    Journal journal;
    JournalLease lease;
    // Whether every set that was called was also seen to take effect.
    HostRest rest = HostRest::known;
    std::vector<StepTime> step_times = {};

    RestoreWork work() {
        return {.resources = resources,
                .journal = journal,
                .state_folder = order.state_folder,
                .run = order.run,
                .times = order.times};
    }
};

namespace {

std::string name_of(const Step& step) { return step.resource + " " + step.property; }

Error left_over(const fs::path& journal) {
    return {.code = ErrorCode::precondition,
            .what = "an earlier run was stopped before this host was put back",
            .where = journal.string(),
            .fix = "Run: passbench release"};
}

/// Every earlier lease must be over: a snapshot of a changed host would make the change permanent.
Result<void> check_nothing_is_open(const fs::path& state_folder) {
    PASSBENCH_TRY(const UnfinishedJournals unfinished, unfinished_journals(state_folder));
    if (!unfinished.unreadable.empty()) {
        Error error = unfinished.unreadable.front();
        return fail_in(std::move(error), "looking for what earlier runs left on this host");
    }
    if (!unfinished.journals.empty()) return fail(left_over(unfinished.journals.front().path));
    return {};
}

Result<void> check_quarantine(const fs::path& state_folder, const std::vector<Step>& steps) {
    PASSBENCH_TRY(const std::vector<QuarantineEntry> quarantined, read_quarantine(state_folder));
    for (const QuarantineEntry& entry : quarantined) {
        const auto touches = [&](const Step& step) { return step.resource == entry.resource; };
        if (std::none_of(steps.begin(), steps.end(), touches)) continue;
        return fail({.code = ErrorCode::quarantined,
                     .what = entry.resource + " is in quarantine since " + entry.since + ": its " + entry.property +
                             " could not be set back to '" + entry.before + "' (" + entry.why + ")",
                     .where = quarantine_file(state_folder).string(),
                     .fix = "Run: passbench release. Where that does not help, set it back by hand and run it again."});
    }
    return {};
}

Result<void> check_consent(const std::vector<Step>& steps, const std::vector<std::string>& consents) {
    for (const Step& step : steps) {
        if (step.undo == Undo::restore) continue;
        if (std::find(consents.begin(), consents.end(), name_of(step)) != consents.end()) continue;
        return fail({.code = ErrorCode::consent,
                     .what = "this step changes the host for good: " + name_of(step) + " becomes '" + step.wanted + "'",
                     .where = name_of(step),
                     .fix = "Choose an arm that does not need it."});
    }
    return {};
}

/// A step is data computed earlier: what it was computed from must still hold right before it is carried out.
Result<void> check_before(const HostFacts& facts, const Step& step) {
    const std::string observed = observed_value(facts, step.resource, step.property);
    if (observed == step.before) return {};
    return fail({.code = ErrorCode::precondition,
                 .what = name_of(step) + " is '" + observed + "', and the steps were made for a host where it is '" +
                         step.before + "'",
                 .where = name_of(step),
                 .fix = "Somebody else changes this host; try again when it is quiet."});
}

/// The error with what became of the steps before it.
Error with_remainder(Error error, const Restoration& undone) {
    if (undone.host_equals_snapshot()) {
        error.trail.emplace_back("preparing the host (all is undone)");
        return error;
    }
    for (const RestoredStep& step : undone.steps) {
        if (step.end == StepEnd::left || step.end == StepEnd::quarantined) error.trail.push_back(to_text(step));
    }
    error.trail.emplace_back("preparing the host (not all is undone)");
    error.fix += (error.fix.empty() ? "" : " ") + std::string("What is left is shown by: passbench doctor");
    return error;
}

}  // namespace

Lease::Lease(std::unique_ptr<State> state) : state_(std::move(state)) {}
Lease::Lease(Lease&& other) noexcept = default;
Lease& Lease::operator=(Lease&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

Lease::~Lease() {
    if (state_ && state_->lock) [[maybe_unused]]
        const Restoration unheard = restore();
}

/// Intent, act, observe, done; the survey that showed it becomes `facts`.
Result<void> Lease::carry_out(const Step& step, HostFacts& facts) {
    // What an earlier lease of this run made for good is there.
    if (step.undo == Undo::keep && observed_value(facts, step.resource, step.property) == step.wanted) return {};
    PASSBENCH_CHECK(check_before(facts, step));
    const std::size_t index = state_->lease.steps.size();
    PASSBENCH_CHECK(state_->journal.intent(state_->lease.number, index, step));
    state_->lease.steps.push_back({.step = step});
    state_->rest = HostRest::awaited;
    const EngineClock clock = state_->resources.clock();
    const std::int64_t begun_ns = clock.now_ns();
    PASSBENCH_TRY(facts, set_and_observe(state_->resources, state_->order.times, step, step.wanted));
    state_->step_times.push_back({.step = step, .spent_ns = clock.now_ns() - begun_ns});
    state_->rest = HostRest::known;
    state_->lease.steps.back().phase = StepPhase::done;
    state_->lease.steps.back().was_done = true;
    return state_->journal.note(state_->lease.number, index, StepPhase::done, step.wanted);
}

Result<Lease> Lease::acquire(Resources& resources, const std::vector<Step>& steps, const LeaseOrder& order) {
    PASSBENCH_TRY(HostLock lock, HostLock::take(order.state_folder, "run " + order.run));
    PASSBENCH_CHECK(check_nothing_is_open(order.state_folder));
    PASSBENCH_CHECK(check_quarantine(order.state_folder, steps));
    PASSBENCH_CHECK(check_consent(steps, order.consents));
    PASSBENCH_TRY(HostFacts facts, resources.survey());
    PASSBENCH_TRY(Journal journal, Journal::open(order.state_folder, order.run));
    PASSBENCH_TRY(const std::size_t number, journal.begin(order.provider, facts));

    JournalLease entry;
    entry.number = number;
    entry.provider = order.provider;
    entry.begun = utc_now();
    entry.snapshot = facts;
    Lease lease(std::make_unique<State>(
        State{resources, order, std::move(lock), std::move(journal), std::move(entry), HostRest::known}));
    for (const Step& step : steps) {
        auto carried_out = lease.carry_out(step, facts);
        if (carried_out) continue;
        return fail(with_remainder(std::move(carried_out).error(), lease.restore()));
    }
    return lease;
}

const HostFacts& Lease::snapshot() const { return state_->lease.snapshot; }

const std::vector<StepTime>& Lease::step_times() const { return state_->step_times; }

Restoration Lease::restore() {
    assert(state_->lock.has_value() && "a lease is restored once");
    RestoreWork work = state_->work();
    Restoration restoration = passbench::restore(work, state_->lease, state_->rest);
    state_->lock.reset();
    return restoration;
}

}  // namespace passbench
