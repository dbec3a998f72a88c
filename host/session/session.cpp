#include "host/session/session.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/judge/judge.hpp"
#include "harness/records/file_names.hpp"
#include "harness/report/report.hpp"
#include "harness/stats/analyze.hpp"
#include "host/carriers/shell_words.hpp"
#include "host/engine/journal.hpp"
#include "host/session/ask_guest.hpp"
#include "host/session/bind_arms.hpp"
#include "host/session/block_runner.hpp"
#include "host/session/run_lock.hpp"

namespace passbench {

namespace {

constexpr std::string_view report_name = "report.md";

Event event_now(std::string kind, Facts facts = {}) {
    Event event;
    event.kind = std::move(kind);
    event.at = utc_now();
    event.facts = std::move(facts);
    return event;
}

/// What the arms were measured on so far: nothing before the first job, and from then on a record that must be readable.
Result<std::map<std::string, Environment>> known_environments(const RunDirectory& directory,
                                                              const std::vector<Event>& events) {
    auto known = directory.environments();
    const bool has_measured =
        std::any_of(events.begin(), events.end(), [](const auto& event) { return event.kind == "job_ended"; });
    if (!known && !has_measured) {
        return std::map<std::string, Environment>();
    }
    return known;
}

/// What was measured up to a look, as estimates and words; `status` is what the words are to be judged with.
Result<RunOutcome> conclude(const RunDirectory& directory, const Plan& plan, const RunStatus& status, int look) {
    PASSBENCH_TRY(const auto events, directory.events());
    PASSBENCH_TRY(const auto samples, directory.samples());
    PASSBENCH_TRY(auto environments, known_environments(directory, events));
    const auto attempts = counting_attempts(events);
    PASSBENCH_TRY(auto stats,
                  analyze({.plan = plan, .samples = samples, .events = events, .attempts = attempts, .look = look}));
    auto verdict = judge({.plan = plan, .stats = stats, .status = status, .environments = environments});
    return RunOutcome{directory.path(), plan, status, std::move(environments), std::move(stats), std::move(verdict)};
}

/// The look that the events have come to, from 1.
int last_look(const std::vector<Event>& events) {
    std::int64_t look = 1;
    for (const auto& event : events) {
        if (event.kind == "look_begun") {
            look = std::max(look, fact_int(event.facts, "look").value_or(1));
        }
    }
    return static_cast<int>(look);
}

bool any(const std::vector<bool>& flags) { return std::find(flags.begin(), flags.end(), true) != flags.end(); }

/// An empty run has no beginning yet; any other must go on as it was begun.
Result<void> check_beginning(const std::vector<Event>& earlier, const Facts& beginning) {
    const auto begun =
        std::find_if(earlier.begin(), earlier.end(), [](const auto& event) { return event.kind == "run_begun"; });
    return begun == earlier.end() ? Result<void>() : check_same_beginning(begun->facts, beginning);
}

/// The host as it was when the run was begun; a resume does not write over it.
Result<void> write_host(RunDirectory& directory, const std::vector<Arm>& arms) {
    if (directory.host()) {
        return {};
    }
    HostFacts host;
    std::vector<Step> steps;
    for (const auto& arm : arms) {
        host.insert(arm.survey.begin(), arm.survey.end());
        steps.insert(steps.end(), arm.steps.begin(), arm.steps.end());
    }
    PASSBENCH_CHECK(directory.write_steps(to_json(steps)));
    return directory.write(host);
}

/// What leases of this run changed on the host for good.
Result<std::vector<std::string>> kept_on_host(const RunDirectory& directory) {
    const auto path = directory.path() / file_name::journal;
    std::error_code ignored;  // what cannot be looked at cannot be read either, and that says why
    if (std::filesystem::status(path, ignored).type() == std::filesystem::file_type::not_found) {
        return std::vector<std::string>();
    }
    PASSBENCH_TRY(const auto journal, read_journal(path));
    return kept_changes(journal);
}

/// A run at work: its directory, what is asked of it, and how it ends.
class Session {
public:
    Session(RunDirectory directory, Plan plan, RunStatus status, const Measuring& measuring)
        : directory_(std::move(directory)), plan_(std::move(plan)), status_(std::move(status)), measuring_(measuring) {}

    /// Measures what is missing, look by look, and ends the run; an error ends it as interrupted or failed. `beginning`: what the
    /// run was or is begun with.
    Result<RunOutcome> work(std::vector<Arm> arms, const Facts& beginning);

private:
    Result<void> begin_running(const std::string& kind, const Facts& beginning);
    Result<int> measure_looks(BlockRunner& runner);
    Result<RunOutcome> complete(const BlockRunner& runner, int look);
    void note_end(RunState state, const Error& why, const BlockRunner& runner);
    Result<RunOutcome> report_end(const Error& why, const BlockRunner& runner);
    Error stopped(Error error, const BlockRunner& runner);

    RunDirectory directory_;
    Plan plan_;
    RunStatus status_;
    const Measuring& measuring_;
};

Result<RunOutcome> Session::work(std::vector<Arm> arms, const Facts& beginning) {
    PASSBENCH_TRY(const auto earlier, directory_.events());
    PASSBENCH_CHECK(check_beginning(earlier, beginning));
    for (const auto& arm : arms) {
        status_.arms[arm.name] = arm.provider->name();
    }
    PASSBENCH_TRY(auto environments, known_environments(directory_, earlier));
    const auto written = write_host(directory_, arms);
    BlockRunner runner(directory_, plan_, std::move(arms), measuring_, earlier, std::move(environments));
    auto outcome = [&]() -> Result<RunOutcome> {
        PASSBENCH_CHECK(written);
        PASSBENCH_CHECK(begin_running(earlier.empty() ? "run_begun" : "run_resumed", beginning));
        PASSBENCH_TRY(const int look, measure_looks(runner));
        // Before the run is complete, so that a complete one never has it, wherever it was stopped.
        runner.remove_scratch();
        return complete(runner, look);
    }();
    if (measuring_.progress != nullptr) {
        measuring_.progress->end(runner.progress());
    }
    if (!outcome && runner.end_of_run()) {
        runner.remove_scratch();
        return report_end(*runner.end_of_run(), runner);
    }
    if (!outcome) {
        runner.remove_scratch();
        return fail(stopped(std::move(outcome).error(), runner));
    }
    return outcome;
}

Result<void> Session::begin_running(const std::string& kind, const Facts& beginning) {
    PASSBENCH_CHECK(directory_.append_event(event_now(kind, beginning)));
    status_.state = RunState::running;
    status_.reason.clear();
    status_.ended.clear();
    return directory_.write(status_);
}

Result<int> Session::measure_looks(BlockRunner& runner) {
    std::vector<bool> wanted(plan_.cases.size(), true);
    const int looks = static_cast<int>(plan_.design.looks.size());
    for (int look = 1;; ++look) {
        PASSBENCH_CHECK(runner.measure_look(look, wanted));
        if (look == looks) {
            return look;
        }
        PASSBENCH_TRY(const auto so_far, conclude(directory_, plan_, status_, look));
        wanted = cases_for_next_look(plan_, so_far.verdict, look);
        if (!any(wanted)) {
            return look;
        }
        PASSBENCH_CHECK(write_derived(so_far));
    }
}

Result<RunOutcome> Session::complete(const BlockRunner& runner, int look) {
    PASSBENCH_CHECK(directory_.append_event(event_now("run_ended")));
    status_.state = RunState::complete;
    status_.ended = utc_now();
    status_.simulated = status_.simulated || runner.is_simulated();
    status_.host_restored = runner.is_host_restored();
    PASSBENCH_TRY(status_.kept, kept_on_host(directory_));
    PASSBENCH_CHECK(directory_.write(status_));
    PASSBENCH_CHECK(directory_.write_manifest());
    PASSBENCH_TRY(auto outcome, conclude(directory_, plan_, status_, look));
    PASSBENCH_CHECK(write_derived(outcome));
    return outcome;
}

/// What an interrupted run says: not how the agent took it.
Error interruption(const std::filesystem::path& run, const RunProgress& progress) {
    return {.code = ErrorCode::interrupted,
            .what = "the run was interrupted after " + std::to_string(progress.done) + " of " +
                    std::to_string(progress.planned) + " trials; every block that is whole is kept",
            .where = run.string()};
}

/// Notes how the run ended, as far as the disk takes it.
void Session::note_end(RunState state, const Error& why, const BlockRunner& runner) {
    status_.state = state;
    status_.ended = utc_now();
    status_.simulated = status_.simulated || runner.is_simulated();
    status_.host_restored = runner.is_host_restored();
    status_.kept = kept_on_host(directory_).value_or(status_.kept);
    status_.reason = why.what;
    Event event = event_now(state == RunState::interrupted ? "run_interrupted" : "run_ended");
    event.facts.emplace("reason", why.what);
    event.facts.emplace("code", std::string(to_string(why.code)));
    if (!why.finding.empty()) {
        event.facts.emplace("finding", why.finding);
    }
    // The disk may be what failed; the next attempt starts from what is there.
    static_cast<void>(directory_.append_event(event));
    static_cast<void>(directory_.write(status_));
    static_cast<void>(directory_.append_log(status_.ended + " " + to_text(why)));
}

/// A run that a finding ended is reported with what was measured until then; when the cause is mended it can be resumed.
Result<RunOutcome> Session::report_end(const Error& why, const BlockRunner& runner) {
    note_end(RunState::failed, why, runner);
    PASSBENCH_TRY(const auto events, directory_.events());
    PASSBENCH_TRY(auto outcome, conclude(directory_, plan_, status_, last_look(events)));
    PASSBENCH_CHECK(write_derived(outcome));
    return outcome;
}

/// Notes how the run ended and says how to go on.
Error Session::stopped(Error error, const BlockRunner& runner) {
    const bool was_interrupted = error.code == ErrorCode::interrupted;
    if (was_interrupted) {
        error = interruption(directory_.path(), runner.progress());
    }
    note_end(was_interrupted ? RunState::interrupted : RunState::failed, error, runner);
    if (!was_interrupted) {
        error.trail.push_back("measuring into " + directory_.path().string());
    }
    if (!runner.is_host_restored() && error.code != ErrorCode::quarantined) {
        error.fix +=
            (error.fix.empty() ? "" : " ") + std::string("The host is not as it was: run `passbench release`.");
    }
    error.fix += (error.fix.empty() ? "" : " ") + std::string("Go on with: ") +
                 resume_command(directory_.path(), measuring_.lab.file);
    return error;
}

/// A run that ended whole is never touched again, but for what is derived from it.
Result<RunOutcome> already_complete(const RunDirectory& directory) {
    PASSBENCH_TRY(auto outcome, analyze_again(directory.path()));
    PASSBENCH_CHECK(write_derived(outcome));
    return outcome;
}

Result<void> check_intact(RunDirectory& directory) {
    if (!directory.has_manifest()) {
        return directory.write_manifest();  // stopped between the last record and the manifest
    }
    PASSBENCH_TRY(const auto changed, directory.check_manifest());
    if (changed.empty()) {
        return {};
    }
    std::string list;
    for (const auto& file : changed) {
        list += (list.empty() ? "" : ", ") + file;
    }
    return fail({.code = ErrorCode::bad_record,
                 .what = "the run is complete, and these files no longer fit its manifest: " + list,
                 .where = directory.path().string(),
                 .fix = "Restore them from a copy; `passbench report` shows what can be read as it is."});
}

}  // namespace

Reported RunOutcome::reported() const {
    return {.run_path = path.string(),
            .plan = plan,
            .stats = stats,
            .verdict = verdict,
            .status = status,
            .environments = environments};
}

Result<RunOutcome> run(const RunRequest& request) {
    const auto& [plan, scenario_text, results, measuring] = request;
    PASSBENCH_TRY(auto arms, bind_arms(plan, measuring.lab, {}));
    PASSBENCH_CHECK(check_cards(plan, arms, measuring));
    PASSBENCH_TRY(auto directory, RunDirectory::create(results, scenario_text, plan));
    PASSBENCH_TRY(const auto lock, RunLock::take(directory.path()));
    PASSBENCH_TRY(auto status, directory.status());
    return Session(std::move(directory), plan, std::move(status), measuring)
        .work(std::move(arms), begun_with(plan, scenario_text, measuring.lab));
}

Result<RunOutcome> resume(const std::filesystem::path& run, const Measuring& measuring) {
    PASSBENCH_TRY(auto directory, RunDirectory::open(run));
    PASSBENCH_TRY(const auto lock, RunLock::take(directory.path()));
    PASSBENCH_TRY(const auto plan, directory.plan());
    PASSBENCH_TRY(const auto scenario_text, directory.scenario_text());
    PASSBENCH_TRY(auto status, directory.status());
    if (status.state == RunState::complete) {
        PASSBENCH_CHECK(check_intact(directory));
        return already_complete(directory);
    }
    PASSBENCH_CHECK(directory.mend_torn_tails());
    PASSBENCH_TRY(auto arms, bind_arms(plan, measuring.lab, {}));
    PASSBENCH_CHECK(check_cards(plan, arms, measuring));
    return Session(std::move(directory), plan, std::move(status), measuring)
        .work(std::move(arms), begun_with(plan, scenario_text, measuring.lab));
}

Result<RunOutcome> analyze_again(const std::filesystem::path& run) {
    PASSBENCH_TRY(const auto directory, RunDirectory::open(run));
    PASSBENCH_TRY(const auto plan, directory.plan());
    PASSBENCH_TRY(const auto status, directory.status());
    PASSBENCH_TRY(const auto events, directory.events());
    return conclude(directory, plan, status, last_look(events));
}

Result<void> write_derived(const RunOutcome& outcome) {
    PASSBENCH_TRY(auto directory, RunDirectory::open(outcome.path));
    PASSBENCH_CHECK(directory.write(outcome.stats));
    PASSBENCH_CHECK(directory.write(outcome.verdict));
    const Reported reported = outcome.reported();
    PASSBENCH_CHECK(directory.write_report(report_name, markdown_report(reported)));
    PASSBENCH_CHECK(directory.write_report("junit.xml", junit_report(reported)));
    return directory.write_report("stats.csv", csv_report(reported));
}

std::string run_name(const std::filesystem::path& run) {
    std::error_code unknown;
    const auto whole = std::filesystem::weakly_canonical(run, unknown);
    return (unknown || whole.filename().empty() ? run.lexically_normal().parent_path() : whole).filename().string();
}

std::filesystem::path report_file(const RunOutcome& outcome) {
    const auto directory = RunDirectory::open(outcome.path);
    return directory ? directory->report_folder() / report_name : outcome.path;
}

std::string resume_command(const std::filesystem::path& run, const std::string& lab_file) {
    return "passbench run --resume " + shell_word(run.string()) +
           (lab_file.empty() ? "" : " --lab " + shell_word(lab_file));
}

Result<std::vector<ArmSteps>> host_steps(const Plan& plan, const Lab& lab, const std::optional<HostFacts>& recorded) {
    PASSBENCH_TRY(auto arms, bind_arms(plan, lab, recorded));
    std::vector<ArmSteps> all;
    for (auto& arm : arms) {
        auto script = arm.provider->script(arm.survey, arm.steps);
        all.push_back({.arm = arm.name, .steps = std::move(arm.steps), .script = std::move(script)});
    }
    return all;
}

}  // namespace passbench
