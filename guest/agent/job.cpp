#include "guest/agent/job.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/job_output.hpp"
#include "guest/agent/load_processes.hpp"
#include "guest/agent/stop_signals.hpp"
#include "guest/agent/trial.hpp"
#include "guest/agent/trial_process.hpp"
#include "guest/agent/trial_watch.hpp"
#include "guest/probe/probe.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {
namespace {

// Hiccups are looked for between trials, for at most this share of the job's time and this long at once.
constexpr double hiccup_share = 0.02;
constexpr std::int64_t hiccup_gap_ns = 50'000'000;

/// What a process that did not end as it should is recorded as.
Error error_of(const ChildResult& child, const TrialRequest& trial, std::int64_t timeout_ns) {
    const std::string words = child.last_words.empty() ? "" : "; its last words: " + child.last_words;
    Error error{.code = ErrorCode::agent_lost, .what = {}, .where = trial.what.name, .fix = {}};
    switch (child.end) {
        case ChildEnd::timed_out:
            error.code = ErrorCode::timeout;
            error.what = fmt::format("the trial did not end within {:.3g} s and was ended{}",
                                     static_cast<double>(timeout_ns) * 1e-9, words);
            error.fix = "Raise `trial_timeout` in the scenario, or take a smaller case.";
            break;
        case ChildEnd::unkillable:
            error.code = ErrorCode::timeout;
            error.what = fmt::format("the trial did not end, not even by SIGKILL: it is stuck in the kernel{}", words);
            error.fix = "See the kernel's log (dmesg); the machine may need a restart.";
            break;
        case ChildEnd::cancelled:
            error.code = ErrorCode::interrupted;
            error.what = "the job was asked to stop";
            break;
        case ChildEnd::signalled:
            error.what = fmt::format("the trial's process died by {}{}", signal_name(child.code), words);
            error.fix = child.killed_from_outside
                            ? "Somebody else ended it, most likely the kernel for want of memory: see dmesg."
                            : "This is a fault of the case or of a library: please report it.";
            break;
        case ChildEnd::exited:
            error.what = child.code == 0
                             ? "the trial's process ended without saying how it went" + words
                             : fmt::format("the trial's process ended with exit code {}{}", child.code, words);
            error.fix = "This is a fault of the agent: please report it.";
            break;
    }
    return error;
}

/// What a trial's process said of the trial, line by line; what is not about it is left out.
std::vector<Event> said_by(const ChildResult& child, const Event& asked) {
    std::vector<Event> all;
    if (child.end != ChildEnd::exited || child.code != 0) return all;
    std::istringstream lines(child.output);
    for (std::string line; std::getline(lines, line);) {
        Result<Event> said = event_from_json(line);
        if (said && said->case_name == asked.case_name && said->trial == asked.trial) all.push_back(*std::move(said));
    }
    return all;
}

/// How the trial went: the first line; nothing where its process did not say.
std::optional<Event> outcome_of(const std::vector<Event>& said) {
    if (said.empty()) return std::nullopt;
    const std::string& kind = said.front().kind;
    if (kind != "trial_ended" && kind != "trial_skipped" && kind != "trial_failed") return std::nullopt;
    return said.front();
}

/// The failure after which nothing more is to be measured; nothing where the next trial may come.
std::optional<Error> end_of_run(const Event& outcome) {
    const Finding* finding = find_finding(fact_text(outcome.facts, trial_fact::finding).value_or(""));
    if (outcome.kind != "trial_failed" || finding == nullptr || !finding->ends_run) return std::nullopt;
    return Error{.code = ErrorCode::precondition,
                 .what = "not begun, because of the trial of " + outcome.case_name +
                         " before it: " + fact_text(outcome.facts, trial_fact::reason).value_or(""),
                 .where = {},
                 .fix = {},
                 .trail = {},
                 .finding = std::string(finding->name)};
}

class Job {
public:
    Job(const JobRequest& request, JobOutputFolder output, std::vector<int> cpus)
        : request_(request), output_(std::move(output)), cpus_(std::move(cpus)), timer_(measure_timer()) {}

    Result<void> run() {
        Result<void> done = run_all();
        // As well as it can be said on a disk that may be full.
        if (!done && done.error().code == ErrorCode::io) static_cast<void>(say(JobState::failed, begun_trials_, ""));
        return done;
    }

private:
    Result<void> run_all() {
        for (std::size_t number = 0; number < request_.trials.size(); ++number) {
            const TrialRequest& trial = request_.trials[number];
            begun_trials_ = number;
            PASSBENCH_CHECK(say(JobState::running, number, trial.what.name));
            watch_for_hiccups();
            PASSBENCH_CHECK(end_of_run_ ? output_.append(failed_event(request_, trial, *end_of_run_)) : run_one(trial));
            if (signals_.stop_requested()) return stop(number);
        }
        output_.remove_trial_request();
        return say(JobState::complete, request_.trials.size(), "");
    }

    Result<void> run_one(const TrialRequest& trial) {
        PASSBENCH_CHECK(output_.append(trial_event("trial_begun", request_, trial)));
        PASSBENCH_TRY(const SamplesMark mark, output_.mark());
        PASSBENCH_TRY(const std::filesystem::path path, output_.write_trial_request(request_, trial));
        auto load = start_load(trial, path);
        if (!load) return output_.append(failed_event(request_, trial, load.error()));
        const MachineMoment before = observe_machine(files_, cpus_);
        auto child = run_child(command(path), request_.trial_timeout_ns, signals_);
        const MachineMoment after = observe_machine(files_, cpus_);
        const Result<void> loaded = *load ? (*load)->check() : Result<void>{};
        const std::int64_t load_cpu_ns = *load ? (*load)->stop() : 0;
        if (!child) {
            // One process could not be started; the next may.
            return output_.append(failed_event(request_, trial, child.error()));
        }
        if (child->end == ChildEnd::exited && child->code == exit_output_failed) {
            PASSBENCH_CHECK(output_.cut_back(mark));
            return fail({.code = ErrorCode::io,
                         .what = "cannot write samples: " + child->last_words,
                         .where = path.parent_path().string(),
                         .fix = "Free space on that disk, or give an output folder on another one."});
        }
        const std::vector<Event> said = said_by(*child, trial_event("trial_ended", request_, trial));
        std::optional<Event> outcome = outcome_of(said);
        if (outcome && outcome->kind == "trial_ended" && !loaded) {
            outcome = failed_event(request_, trial, loaded.error());
        }
        if (!outcome || outcome->kind != "trial_ended") PASSBENCH_CHECK(output_.cut_back(mark));
        PASSBENCH_CHECK(output_.append(
            outcome ? judged(*outcome, before, after)
                    : failed_event(request_, trial, error_of(*child, trial, request_.trial_timeout_ns))));
        for (const Event& seen : said) {
            if (seen.kind == "telemetry") PASSBENCH_CHECK(output_.append_telemetry(seen));
        }
        if (outcome) end_of_run_ = end_of_run(*outcome);
        Event line = telemetry(trial, *child, before, after);
        if (*load) line.facts["load.cpu_ns"] = load_cpu_ns;
        return output_.append_telemetry(line);
    }

    /// What runs beside the trial; nothing for most.
    Result<std::optional<LoadProcesses>> start_load(const TrialRequest& trial,
                                                    const std::filesystem::path& trial_request) {
        if (!trial.what.load) return std::optional<LoadProcesses>{};
        const std::vector<std::string> command = {own_program(), "load", trial_request.string(), "0"};
        PASSBENCH_TRY(LoadProcesses load,
                      LoadProcesses::start(*trial.what.load, command, cpus_, request_.trial_timeout_ns, signals_));
        return std::optional<LoadProcesses>(std::move(load));
    }

    [[nodiscard]] std::vector<std::string> command(const std::filesystem::path& trial_request) const {
        return {own_program(),
                "trial",
                trial_request.string(),
                "0",
                trial_request.parent_path().string(),
                "--parent",
                std::to_string(process_number()),
                "--timer-resolution-ns",
                std::to_string(timer_.resolution_ns),
                "--timer-cost-ns",
                fmt::format("{}", timer_.cost_ns)};
    }

    /// What the machine did meanwhile belongs to how the trial went (R1.3, R13.6).
    [[nodiscard]] Event judged(Event outcome, const MachineMoment& before, const MachineMoment& after) const {
        outcome.facts[std::string(trial_fact::steal_fraction)] = steal_fraction(before.cpu_times, after.cpu_times);
        if (const auto late = hiccups_.p999_ns()) outcome.facts[std::string(trial_fact::hiccup_p999_ns)] = *late;
        if (outcome.kind != "trial_ended") return outcome;
        std::string broken = broken_invariant(before, after);
        if (!broken.empty()) outcome.facts[std::string(trial_fact::invariant)] = std::move(broken);
        return outcome;
    }

    [[nodiscard]] Event telemetry(const TrialRequest& trial, const ChildResult& child, const MachineMoment& before,
                                  const MachineMoment& after) const {
        Event line = trial_event("telemetry", request_, trial);
        line.facts = telemetry_facts(before, after);
        line.facts["process.max_rss_bytes"] = child.max_rss_bytes;
        line.facts["process.context_switches"] = child.context_switches;
        line.facts["process.involuntary_context_switches"] = child.involuntary_context_switches;
        line.facts["process.cpu_ns"] = child.cpu_ns;
        line.facts["hiccup.count"] = hiccups_.count();
        if (const auto late = hiccups_.p999_ns()) line.facts["hiccup.p999_ns"] = *late;
        return line;
    }

    void watch_for_hiccups() {
        const std::int64_t now = steady_ns();
        const auto earned = static_cast<std::int64_t>(hiccup_share * static_cast<double>(now - begun_ns_));
        hiccups_.run(std::min(earned - hiccup_spent_ns_, hiccup_gap_ns));
        hiccup_spent_ns_ += steady_ns() - now;
    }

    Result<void> say(JobState state, std::size_t done, const std::string& case_name) {
        return output_.write_status(
            {.done = done, .total = request_.trials.size(), .case_name = case_name, .state = state});
    }

    /// `number` is of the trial that was stopped.
    Result<void> stop(std::size_t number) {
        PASSBENCH_CHECK(say(JobState::interrupted, number, ""));
        return fail({.code = ErrorCode::interrupted,
                     .what = fmt::format("stopped by {} after {} of {} trials", signal_name(*signals_.stop_requested()),
                                         number, request_.trials.size()),
                     .where = {},
                     .fix = "Run the job again; its block is measured again whole."});
    }

    const JobRequest& request_;
    JobOutputFolder output_;
    std::vector<int> cpus_;
    TimerQuality timer_;
    StopSignals signals_;
    MachineFiles files_ = files_of_this_machine();
    HiccupMeter hiccups_;
    std::int64_t begun_ns_ = steady_ns();
    std::int64_t hiccup_spent_ns_ = 0;
    std::size_t begun_trials_ = 0;
    std::optional<Error> end_of_run_;
};

}  // namespace

Result<void> run_job(const JobRequest& job, const std::filesystem::path& out) {
    if (job.trial_timeout_ns <= 0) {
        return fail({.code = ErrorCode::usage,
                     .what = "the request has no time limit for a trial",
                     .where = "trial_timeout_ns",
                     .fix = "Give at least 1 ns; 60 s is usual."});
    }
    // Fewer CPUs than asked for is told by every trial; telemetry then looks at those that are there.
    std::vector<int> cpus = trial_cpus(job.cpus).value_or(usable_cpus());
    PASSBENCH_TRY(JobOutputFolder output, JobOutputFolder::open(out));
    return Job(job, std::move(output), std::move(cpus)).run();
}

}  // namespace passbench
