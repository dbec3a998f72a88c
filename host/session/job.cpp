#include "host/session/job.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/durable_files.hpp"
#include "harness/core/findings.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/job_progress.hpp"
#include "host/session/lost_device.hpp"

namespace passbench {

namespace {

constexpr std::int64_t largest_agent_document_bytes = 16 << 20;

/// The agent ends a hung trial itself; this ends a hung agent. Beside the trials' own deadlines it leaves room for starting
/// processes and writing records.
std::int64_t deadline_of(const JobRequest& request) {
    constexpr std::int64_t start_ns = 5'000'000'000;
    constexpr std::int64_t per_trial_ns = 500'000'000;
    return start_ns + static_cast<std::int64_t>(request.trials.size()) * (request.trial_timeout_ns + per_trial_ns);
}

Result<void> empty_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::remove_all(folder, failure);
    if (failure) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot empty the scratch folder: " + failure.message(),
                     .where = folder.string(),
                     .fix = "Remove it, then resume the run."});
    }
    return make_folder(folder);
}

/// The last line that is not empty: where a program that fails usually says why.
std::string last_words(const std::string& output) {
    constexpr std::size_t longest = 300;
    std::string_view rest = output;
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' ')) {
        rest.remove_suffix(1);
    }
    const auto line = rest.substr(rest.rfind('\n') + 1);
    return std::string(line.substr(0, longest));
}

std::string how_it_ended(const ExecResult& ended) {
    constexpr int signal_base = 128;
    auto text = ended.exit_code > signal_base
                    ? "the agent was ended by signal " + std::to_string(ended.exit_code - signal_base)
                    : "the agent ended with exit code " + std::to_string(ended.exit_code);
    const auto words = last_words(ended.output);
    return words.empty() ? text : text + ", saying: " + words;
}

bool is_outcome(const Event& event) {
    return event.kind == "trial_ended" || event.kind == "trial_failed" || event.kind == "trial_skipped";
}

bool failed_by_infrastructure(const Event& event) {
    if (event.kind != "trial_failed") {
        return false;
    }
    const auto code = fact_text(event.facts, trial_fact::code).value_or("");
    const auto& codes = error_codes();
    const auto info = std::find_if(codes.begin(), codes.end(), [&](const auto& row) { return row.name == code; });
    return info != codes.end() && info->exit_code == exit_code(ErrorCode::agent_lost);
}

/// A trial_failed for each trial that was asked for and has no outcome.
std::vector<Event> lost_trials(const JobRequest& request, const Error& why, const std::vector<Event>& events) {
    std::set<std::pair<std::string, int>> accounted;
    for (const auto& event : events) {
        if (is_outcome(event)) {
            accounted.emplace(event.case_name, event.trial);
        }
    }
    std::vector<Event> lost;
    for (const auto& trial : request.trials) {
        if (accounted.count({trial.what.name, trial.trial}) != 0) {
            continue;
        }
        lost.push_back({.kind = "trial_failed",
                        .at = utc_now(),
                        .case_name = trial.what.name,
                        .arm = request.arm,
                        .block = request.block,
                        .trial = trial.trial,
                        .attempt = request.attempt,
                        .facts = {{std::string(trial_fact::code), std::string(to_string(why.code))},
                                  {std::string(trial_fact::reason), why.what}}});
    }
    return lost;
}

Error without_record(const JobPlace& place) {
    return {.code = ErrorCode::agent_lost,
            .what = "the agent ended without a record of this trial",
            .where = place.agent,
            .fix = "Use the agent that was built with this controller."};
}

/// What kept every trial of the job from being measured; nothing where at least one was not lost to the infrastructure.
std::optional<Error> trouble_of_all(const JobRequest& request, const JobOutput& output,
                                    const std::optional<Error>& of_the_agent) {
    const auto lost = std::count_if(output.events.begin(), output.events.end(), failed_by_infrastructure);
    if (static_cast<std::size_t>(lost) < request.trials.size()) {
        return std::nullopt;
    }
    if (of_the_agent) {
        return of_the_agent;
    }
    const auto first = std::find_if(output.events.begin(), output.events.end(), failed_by_infrastructure);
    return Error{.code = ErrorCode::agent_lost,
                 .what = "every trial of the job failed; the first, " + first->case_name + ": " +
                         fact_text(first->facts, trial_fact::reason).value_or("no reason was given"),
                 .where = "arm " + request.arm,
                 .fix = "Run `passbench doctor` to see whether the agent works at all."};
}

/// The failure of a trial after which nothing more is measured (Finding::ends_run).
std::optional<Error> end_of_run(const std::vector<Event>& events) {
    for (const auto& event : events) {
        const auto* finding = find_finding(fact_text(event.facts, trial_fact::finding).value_or(""));
        if (event.kind == "trial_failed" && finding != nullptr && finding->ends_run) {
            return Error{.code = ErrorCode::precondition,
                         .what = event.case_name + " on " + event.arm + ": " +
                                 fact_text(event.facts, trial_fact::reason).value_or(std::string(finding->cause)) +
                                 " (passbench help " + std::string(finding->name) + ")",
                         .finding = std::string(finding->name)};
        }
    }
    return std::nullopt;
}

/// Runs the agent with two more arguments, of which the last is its output folder; returns what stood in the way of a full
/// answer, if anything did.
Result<std::optional<Error>> start_agent(const JobPlace& place, std::vector<std::string> argv, std::int64_t deadline_ns,
                                         const ExecWatch& watch) {
    argv.insert(argv.begin(), place.agent);
    const auto ended = place.carrier.exec(argv, deadline_ns, watch);
    if (!ended) {
        if (ended.error().code == ErrorCode::timeout) {
            return std::optional<Error>(ended.error());
        }
        return fail(ended.error());
    }
    if (ended->exit_code != 0) {
        return std::optional<Error>(Error{.code = ErrorCode::agent_lost,
                                          .what = how_it_ended(*ended),
                                          .where = place.agent,
                                          .fix = "Run `passbench doctor` to see whether the agent works at all."});
    }
    return std::optional<Error>();
}

/// How many trials a running job is through, as the agent says; 0 where it says nothing.
std::size_t trials_over(const std::filesystem::path& guest_output) {
    constexpr std::int64_t largest_status_bytes = 64 << 10;
    const auto progress =
        read_file(guest_output / file_name::status, largest_status_bytes).and_then([](const auto& text) {
            return job_progress_from_json(text);
        });
    return progress ? progress->done : 0;
}

ExecWatch watch_of(const JobPlace& place, const std::string& guest_output) {
    return [&place, guest_output, last = std::size_t{0}]() mutable {
        if (place.stop && place.stop()) {
            return false;
        }
        if (place.seen_done && place.carrier.shares_files()) {
            const auto over = trials_over(guest_output);
            if (over > last) {
                last = over;
                place.seen_done(over);
            }
        }
        return true;
    };
}

}  // namespace

Result<FinishedJob> run_job(const JobRequest& request, const JobPlace& place) {
    PASSBENCH_CHECK(empty_folder(place.scratch));
    const auto request_file = place.scratch / file_name::request;
    const auto fetched = place.scratch / "output";
    PASSBENCH_CHECK(replace_file(request_file, to_json(request)));

    const auto name = request.arm + "-" + std::to_string(request.block) + "-" + std::to_string(request.attempt);
    PASSBENCH_TRY(const std::string guest, place.carrier.make_job_folder(name));
    const auto guest_request = guest + "/" + std::string(file_name::request);
    const auto guest_output = guest + "/output";
    PASSBENCH_CHECK(place.carrier.put(request_file, guest_request));
    PASSBENCH_TRY(std::optional<Error> trouble, start_agent(place, {"run", guest_request, guest_output},
                                                            deadline_of(request), watch_of(place, guest_output)));
    PASSBENCH_CHECK(make_folder(fetched));
    if (auto got = place.carrier.get(guest_output, fetched); !got && !trouble) {
        return fail_in(std::move(got).error(), "fetching what the agent measured");
    }
    auto output = read_job_output(fetched, request);
    if (!output && trouble) {
        trouble->what += "; " + output.error().what;
        return fail(*std::move(trouble));
    }
    if (!output) {
        return fail_in(std::move(output).error(), "reading what the agent measured");
    }
    FinishedJob job{.output = *std::move(output)};
    auto& events = job.output.events;
    const auto lost = lost_trials(request, trouble.value_or(without_record(place)), events);
    events.insert(events.end(), lost.begin(), lost.end());
    events = with_lost_device(std::move(events), place.device);
    job.trouble = trouble_of_all(request, job.output, trouble);
    job.end_of_run = end_of_run(events);
    return job;
}

Result<Environment> probe_guest(const JobPlace& place) {
    constexpr std::int64_t deadline_ns = 60'000'000'000;  // doctor on a loaded machine takes under 1 s
    PASSBENCH_CHECK(empty_folder(place.scratch));
    PASSBENCH_TRY(const std::string guest, place.carrier.make_job_folder("probe"));
    const auto watch = [&place] { return !place.stop || !place.stop(); };
    PASSBENCH_TRY(const std::optional<Error> trouble, start_agent(place, {"probe", guest}, deadline_ns, watch));
    if (trouble) {
        return fail(*trouble);
    }
    PASSBENCH_CHECK(place.carrier.get(guest, place.scratch));
    const auto text = read_file(place.scratch / file_name::environment, largest_agent_document_bytes);
    if (!text) {
        return fail({.code = ErrorCode::agent_lost,
                     .what = "the agent ended without a word about its machine (" + text.error().what + ")",
                     .where = place.agent,
                     .fix = "Check that this is passbench-agent, of the same build as passbench."});
    }
    auto environment = environment_from_json(*text);
    if (!environment) {
        return fail_in(std::move(environment).error(), "reading what the agent says of its machine");
    }
    return environment;
}

}  // namespace passbench
