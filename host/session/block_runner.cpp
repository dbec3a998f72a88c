#include "host/session/block_runner.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/random.hpp"
#include "harness/plan/make_plan.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/release.hpp"
#include "host/engine/state_folder.hpp"
#include "host/providers/kept_steps.hpp"
#include "host/session/lost_device.hpp"

namespace passbench {

namespace {

/// Whether a lease of this run that could not be acquired is not wholly undone.
bool has_left_something(const std::string& run, const std::filesystem::path& state) {
    const auto unfinished = unfinished_journals(state);
    const auto quarantined = read_quarantine(state);
    if (!unfinished || !quarantined) {
        return true;  // nobody can say
    }
    return std::any_of(unfinished->journals.begin(), unfinished->journals.end(),
                       [&](const UnfinishedJournal& journal) { return journal.run == run; }) ||
           std::any_of(quarantined->begin(), quarantined->end(),
                       [&](const QuarantineEntry& entry) { return entry.run == run; });
}

constexpr std::string_view fact_wall_ns = "wall_ns";
constexpr std::string_view fact_trials = "trials";

double assumed_trial_s(const Plan& plan) {
    const auto cost = estimate_cost(plan);
    constexpr double seconds_a_minute = 60;
    return cost.trials_first_look == 0
               ? 0
               : cost.minutes_first_look * seconds_a_minute / static_cast<double>(cost.trials_first_look);
}

double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

int first_block_of(const Plan& plan, int look) {
    return look == 1 ? 0 : plan.design.looks[static_cast<std::size_t>(look) - 2];
}

int end_block_of(const Plan& plan, int look) { return plan.design.looks[static_cast<std::size_t>(look) - 1]; }

HostSet host_set(const Step& step, const std::string& value, std::int64_t spent_ns) {
    return {.what = step.resource + " " + step.property + " = " + (value.empty() ? "none" : value),
            .spent_ns = spent_ns};
}

std::vector<HostSet> sets_of(const std::vector<StepTime>& times) {
    std::vector<HostSet> sets;
    sets.reserve(times.size());
    for (const auto& [step, spent_ns] : times) {
        sets.push_back(host_set(step, step.wanted, spent_ns));
    }
    return sets;
}

std::vector<HostSet> sets_of(const Restoration& restoration) {
    std::vector<HostSet> sets;
    for (const auto& step : restoration.steps) {
        if (step.end == StepEnd::restored) {
            sets.push_back(host_set(step.step, step.step.before, step.spent_ns));
        }
    }
    return sets;
}

Event event_of_block(std::string kind, int block, int attempt) {
    Event event;
    event.kind = std::move(kind);
    event.block = block;
    event.attempt = attempt;
    return event;
}

}  // namespace

BlockRunner::BlockRunner(RunDirectory& directory, const Plan& plan, std::vector<Arm> arms, const Measuring& measuring,
                         const std::vector<Event>& earlier, std::map<std::string, Environment> environments)
    : directory_(directory),
      plan_(plan),
      arms_(std::move(arms)),
      measuring_(measuring),
      whole_(counting_attempts(earlier)),
      environments_(std::move(environments)),
      meter_(assumed_trial_s(plan), static_cast<int>(plan.design.looks.size())) {
    for (const auto& event : earlier) {
        if (event.kind == "block_begun") {
            auto& attempt = begun_.try_emplace(event.block, event.attempt).first->second;
            attempt = std::max(attempt, event.attempt);
        }
        if (event.kind == "job_ended") {
            spent_s_[event.block] += seconds(fact_int(event.facts, fact_wall_ns).value_or(0));
        }
    }
    for (const auto& arm : arms_) {
        devices_[arm.name] = device_of(earlier, arm.name);
    }
}

bool BlockRunner::is_simulated() const {
    return has_simulated_samples_ || std::any_of(environments_.begin(), environments_.end(),
                                                 [](const auto& arm) { return arm.second.simulated; });
}

bool BlockRunner::stop_asked() const { return measuring_.stop && measuring_.stop(); }

void BlockRunner::remove_scratch() const {
    std::error_code ignored;  // what is left is emptied by the next job
    std::filesystem::remove_all(scratch(), ignored);
}

void BlockRunner::tell() {
    if (measuring_.progress != nullptr) {
        measuring_.progress->trial_done(meter_.now());
    }
}

/// To who watches, and into the log, which may fail: it is for eyes.
void BlockRunner::say(const std::string& text) {
    if (measuring_.progress != nullptr) {
        measuring_.progress->message(text);
    }
    static_cast<void>(directory_.append_log(utc_now() + " " + text));
}

void BlockRunner::say_what_failed(const std::vector<Event>& events) {
    constexpr int most_lines = 3;
    int failed = 0;
    for (const auto& event : events) {
        if (event.kind == "trial_failed" && ++failed <= most_lines) {
            say(event.case_name + " failed on " + event.arm + ": " +
                fact_text(event.facts, trial_fact::reason).value_or("no reason was given"));
        }
    }
    if (failed > most_lines) {
        say("and " + std::to_string(failed - most_lines) + " more trials of this job");
    }
}

void BlockRunner::say_what_disturbs(const Environment& environment) {
    std::string list;
    for (const auto& [key, unused] : environment.disturbances) {
        if (const auto disturbing = advised_fact(key)) {
            list.append(list.empty() ? "" : ", ").append(*disturbing);
        }
    }
    if (!list.empty()) {
        say("this machine may disturb the values: " + list + "; passbench doctor says what to do about it");
    }
}

Result<void> BlockRunner::append(Event event) {
    event.at = utc_now();
    return directory_.append_event(event);
}

Result<void> BlockRunner::measure_look(int look, const std::vector<bool>& wanted) {
    const int first = first_block_of(plan_, look);
    const int end = end_block_of(plan_, look);
    std::size_t trials = 0;
    for (int block = first; block < end; ++block) {
        trials += slots_of(plan_, block, wanted).size() * plan_.arms.size();
    }
    meter_.begin_look(look, end, trials);
    for (int block = first; block < end; ++block) {
        if (whole_.count(block) != 0) {
            meter_.count_earlier(slots_of(plan_, block, wanted).size() * plan_.arms.size(), spent_s_[block]);
        }
    }
    if (measuring_.progress != nullptr && look == 1) {
        measuring_.progress->begin(directory_.path(), meter_.now());
    }
    if (look > 1) {
        say("look " + std::to_string(look) + " goes on with " +
            std::to_string(std::count(wanted.begin(), wanted.end(), true)) + " of " + std::to_string(wanted.size()) +
            " cases");
    }
    Event begun;
    begun.kind = "look_begun";
    begun.facts.emplace("look", std::int64_t{look});
    PASSBENCH_CHECK(append(std::move(begun)));
    for (int block = first; block < end; ++block) {
        if (whole_.count(block) == 0) {
            PASSBENCH_CHECK(measure_block(block, wanted));
        }
    }
    return {};
}

Result<void> BlockRunner::measure_block(int block, const std::vector<bool>& wanted) {
    const auto slots = slots_of(plan_, block, wanted);
    const auto earlier = begun_.find(block);
    const int attempt = earlier == begun_.end() ? 0 : earlier->second + 1;
    begun_[block] = attempt;
    PASSBENCH_CHECK(append(event_of_block("block_begun", block, attempt)));
    for (const int index : plan_.blocks[static_cast<std::size_t>(block)].arms) {
        auto measured = measure_arm(block, attempt, arms_[static_cast<std::size_t>(index)], slots);
        if (!measured) {
            Event interrupted = event_of_block("block_interrupted", block, attempt);
            interrupted.facts.emplace("reason", measured.error().what);
            // The disk may be what failed: the block is open without this line too.
            static_cast<void>(append(std::move(interrupted)));
            return measured;
        }
    }
    PASSBENCH_CHECK(append(event_of_block("block_ended", block, attempt)));
    whole_[block] = attempt;
    return {};
}

Result<void> BlockRunner::measure_arm(int block, int attempt, Arm& arm, const std::vector<Slot>& slots) {
    if (stop_asked()) {
        return fail({.code = ErrorCode::interrupted, .what = "the run was interrupted"});
    }
    meter_.begin_job(block, arm.name);
    const auto use = arm.steps.empty() ? HostUse::changes_nothing : HostUse::changes_host;
    PASSBENCH_TRY(const auto state, state_folder(use));
    const auto run = run_name(directory_.path());
    auto lease = Lease::acquire(*arm.provider, arm.steps,
                                {.run = run,
                                 .provider = arm.provider->lease_name(),
                                 .state_folder = state,
                                 .consents = consented_steps(arm.steps, arm.request.consent)});
    if (!lease) {
        host_restored_ = host_restored_ && !has_left_something(run, state);
        // The steps that were carried out and undone are what somebody who asks why wants to see.
        if (auto recorded = record_journal(state); !recorded) {
            lease.error().trail.push_back("recording the journal: " + recorded.error().what);
        }
        return fail(std::move(lease).error());
    }
    auto measured = [&]() -> Result<void> {
        PASSBENCH_CHECK(append_host_times(host_event::prepared, arm, block, attempt, sets_of(lease->step_times())));
        const auto carrier = arm.provider->carrier();
        auto agent = arm.provider->chosen_agent(measuring_.agent);
        if (!agent) {
            return fail(std::move(agent).error());
        }
        const auto begun_ns = steady_ns();
        JobPlace place{.carrier = *carrier,
                       .agent = *agent,
                       .scratch = scratch(),
                       .stop = measuring_.stop,
                       .seen_done = [&](std::size_t trials) {
                           meter_.seen(trials, seconds(steady_ns() - begun_ns));
                           tell();
                       }};
        PASSBENCH_CHECK(check_guest(arm, place));
        place.device = devices_[arm.name];
        auto request = request_of(arm, block, attempt, slots);
        if (measuring_.lab.simulated) {
            PASSBENCH_TRY(request.simulate, simulated_device(arm, place.agent));
        }
        return measure_leased(request, place, arm);
    }();
    auto given_back = give_back(*lease, state, arm, block, attempt);
    if (!measured && !given_back) {
        measured.error().trail.push_back("giving the host back: " + given_back.error().what);
    }
    return measured ? given_back : measured;
}

/// Of arms whose host stays as it is there is nothing to tell.
Result<void> BlockRunner::append_host_times(std::string_view kind, const Arm& arm, int block, int attempt,
                                            const std::vector<HostSet>& sets) {
    if (sets.empty()) {
        return {};
    }
    Event event = event_of_block(std::string(kind), block, attempt);
    event.arm = arm.name;
    event.facts = host_time_facts(sets, measuring_.lab.simulated || arm.provider->is_simulated());
    return append(std::move(event));
}

Result<void> BlockRunner::measure_leased(const JobRequest& request, const JobPlace& place, const Arm& arm) {
    const auto begun_ns = steady_ns();
    PASSBENCH_TRY(const auto job, run_job(request, place));
    const auto spent_ns = steady_ns() - begun_ns;
    PASSBENCH_CHECK(directory_.append_job(job.output));
    if (auto used = device_of(job.output.events, arm.name); !used.empty()) {
        devices_[arm.name] = std::move(used);
    }
    has_simulated_samples_ = has_simulated_samples_ || std::any_of(job.output.chunks.begin(), job.output.chunks.end(),
                                                                   [](const Chunk& chunk) { return chunk.simulated; });
    say_what_failed(job.output.events);
    end_of_run_ = job.end_of_run;
    if (end_of_run_) {
        return fail(*end_of_run_);
    }
    if (job.trouble) {
        return fail(*job.trouble);
    }
    Event ended = event_of_block("job_ended", request.block, request.attempt);
    ended.arm = arm.name;
    ended.facts.emplace(fact_trials, static_cast<std::int64_t>(request.trials.size()));
    ended.facts.emplace(fact_wall_ns, spent_ns);
    PASSBENCH_CHECK(append(std::move(ended)));
    meter_.end_job(request.trials.size(), seconds(spent_ns));
    tell();
    return {};
}

/// R1.3 as far as the controller sees it: what an arm is measured on stays what it was in its first block. A guest that was started for
/// this lease is looked at each time; any other once an arm and process, for a probe costs as much as a trial.
Result<void> BlockRunner::check_guest(const Arm& arm, const JobPlace& place) {
    if (arm.steps.empty() && probed_.count(arm.name) != 0) {
        return {};
    }
    PASSBENCH_TRY(auto seen, probe_guest(place));
    seen.simulated = seen.simulated || arm.provider->is_simulated();
    seen.context.merge(arm.provider->context(arm.survey, arm.request));
    const auto known = environments_.find(arm.name);
    const bool is_first = known == environments_.end();
    if (probed_.empty()) {
        say_what_disturbs(seen);
    }
    if (const auto* blocking = blocking_check(seen)) {
        end_of_run_ =
            Error{.code = ErrorCode::precondition,
                  .what = std::string(is_first ? "before anything" : "before the next block") + " was measured on " +
                          arm.name + ", " + blocking->check + ": " + blocking->what + ". " + blocking->fix};
        if (is_first) {
            environments_[arm.name] = std::move(seen);
            PASSBENCH_CHECK(directory_.write(environments_));
        }
        return fail(*end_of_run_);
    }
    if (plan_.machine.gpu && measuring_.lab.simulated) {
        const auto note = "'" + *plan_.machine.gpu + "' is not checked: the device is simulated";
        seen.context["machine.gpu"] = note;
        if (probed_.empty()) {
            say("machine.gpu " + note);
        }
    }
    PASSBENCH_CHECK(arm.provider->prove(seen, arm.request));
    if (!is_first) {
        if (const auto changed = differences(known->second.identity, seen.identity); !changed.empty()) {
            return fail({.code = ErrorCode::precondition,
                         .what = "the arm " + arm.name +
                                 " is not on the machine that the run was begun on: " + changes_text(changed),
                         .fix = arm.steps.empty()
                                    ? "Resume the run there, or begin a new one here."
                                    : "Its guest was given something else than in the blocks before: see what changed "
                                      "there, then begin a new run."});
        }
    } else {
        environments_[arm.name] = seen;
        PASSBENCH_CHECK(directory_.write(environments_));
    }
    probed_.insert(arm.name);
    // Of a simulated lab the trials do not use what the probe saw.
    if (auto& device = devices_[arm.name]; device.empty() && !measuring_.lab.simulated) {
        device = device_of(seen);
    }
    return {};
}

/// The check of the preflight that forbids this plan to be measured; nullptr where none does. What a simulated lab simulates has no
/// card of this machine.
const PreflightCheck* BlockRunner::blocking_check(const Environment& seen) const {
    const bool uses_card =
        !measuring_.lab.simulated &&
        std::any_of(plan_.cases.begin(), plan_.cases.end(), [](const auto& each) { return each.form == Form::cuda; });
    const auto found = std::find_if(seen.preflight.begin(), seen.preflight.end(), [&](const auto& check) {
        return check.severity == PreflightSeverity::block && (uses_card || !is_about_card(check));
    });
    return found == seen.preflight.end() ? nullptr : &*found;
}

/// What was done to the host so far, into the run directory.
Result<void> BlockRunner::record_journal(const std::filesystem::path& state) {
    PASSBENCH_TRY(const auto text, journal_text(state, run_name(directory_.path())));
    return text.empty() ? Result<void>() : directory_.write_journal(text);
}

Result<void> BlockRunner::give_back(Lease& lease, const std::filesystem::path& state, const Arm& arm, int block,
                                    int attempt) {
    const auto restoration = lease.restore();
    // Noted before anything else can fail: a disk too full for the journal must not make the host look restored.
    host_restored_ = host_restored_ && restoration.host_equals_snapshot();
    auto recorded = [&]() -> Result<void> {
        PASSBENCH_CHECK(record_journal(state));
        return append_host_times(host_event::given_back, arm, block, attempt, sets_of(restoration));
    }();
    if (restoration.host_equals_snapshot()) {
        return recorded;
    }
    std::string left;
    for (const auto& difference : restoration.differences) {
        left += (left.empty() ? "" : "; ") + difference.resource + " " + difference.property + " was '" +
                difference.before + "', is '" + difference.now + "'";
    }
    for (const auto& error : restoration.errors) {
        left += (left.empty() ? "" : "; ") + error.what;
    }
    return fail({.code = ErrorCode::quarantined,
                 .what = "the host could not be put back as it was: " + left,
                 .fix = "Run `passbench release`; what it cannot restore it names, to be set back by hand."});
}

Result<SimulatedDevice> BlockRunner::simulated_device(const Arm& arm, const std::string& agent) const {
    PASSBENCH_TRY(auto driver, arm.provider->stand_in_driver(agent));
    return SimulatedDevice{.driver = std::move(driver),
                           .seed = derive_seed(plan_.design.seed, "simulated device"),
                           .inject_host = arm.request.binding.inject_host,
                           .inject_device = arm.request.binding.inject_device};
}

JobRequest BlockRunner::request_of(const Arm& arm, int block, int attempt, const std::vector<Slot>& slots) const {
    const auto& design = plan_.design;
    JobRequest request{.arm = arm.name,
                       .block = block,
                       .attempt = attempt,
                       .iterations = design.iterations,
                       .stop = design.stop,
                       .warmup_ns = design.warmup_ns,
                       .warmup_cap_ns = design.warmup_cap_ns,
                       .trial_timeout_ns = design.trial_timeout_ns,
                       .cpus = plan_.machine.vcpus.value_or(0)};
    for (const auto& slot : slots) {
        const auto& planned = plan_.cases[static_cast<std::size_t>(slot.case_index)];
        request.trials.push_back(
            {.what = planned, .trial = slot.trial, .seed = derive_seed(design.seed, "inputs of " + planned.name)});
    }
    return request;
}

}  // namespace passbench
