#include "guest/agent/trial_command.hpp"

#include <cstdio>
#include <unistd.h>
#include <vector>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/command_numbers.hpp"
#include "guest/agent/job.hpp"
#include "guest/agent/job_request.hpp"
#include "guest/agent/trial.hpp"

namespace passbench {
namespace {

/// Keeps standard output for our own lines: what a library prints there goes to standard error while this lives.
class OwnStandardOutput {
public:
    OwnStandardOutput() : own_(dup(STDOUT_FILENO)) { dup2(STDERR_FILENO, STDOUT_FILENO); }
    OwnStandardOutput(const OwnStandardOutput&) = delete;
    OwnStandardOutput& operator=(const OwnStandardOutput&) = delete;
    ~OwnStandardOutput() {
        fflush(stdout);
        dup2(own_, STDOUT_FILENO);
        close(own_);
    }

private:
    int own_;
};

Result<void> write_samples(const TrialCommand& command, const JobRequest& job, const TrialRequest& trial,
                           const TrialOutcome& outcome) {
    if (outcome.chunks.empty()) return {};
    PASSBENCH_TRY(SampleWriter writer, SampleWriter::open(command.out));
    for (const TrialChunk& measured : outcome.chunks) {
        Chunk chunk;
        chunk.case_name = trial.what.name;
        chunk.arm = job.arm;
        chunk.block = job.block;
        chunk.trial = trial.trial;
        chunk.attempt = job.attempt;
        chunk.phase = measured.phase;
        chunk.first = measured.first;
        chunk.ops = measured.ops;
        chunk.simulated = outcome.simulated;
        std::vector<ColumnValues> columns = {{"wall_ns", measured.wall_ns}};
        for (const Column& column : measured.device) columns.push_back({std::string(column.name), column.values});
        PASSBENCH_CHECK(writer.append(std::move(chunk), columns));
    }
    return {};
}

}  // namespace

Result<TrialCommand> parse_trial_command(const std::vector<std::string>& arguments) {
    if (arguments.size() < 3) {
        return fail({.code = ErrorCode::usage,
                     .what = "trial needs a request, the number of the trial in it and an output folder",
                     .where = {},
                     .fix = "See passbench-agent --help."});
    }
    TrialCommand command{.request = arguments[0], .index = 0, .out = arguments[2], .parent = {}, .timer = {}};
    PASSBENCH_TRY(command.index, parse_number<std::size_t>(arguments[1], "the number of the trial"));
    for (std::size_t place = 3; place < arguments.size(); place += 2) {
        const std::string& option = arguments[place];
        const std::string value = place + 1 < arguments.size() ? arguments[place + 1] : "";
        if (option == "--parent") {
            PASSBENCH_TRY(command.parent, parse_number<int>(value, option));
        } else if (option == "--timer-resolution-ns") {
            if (!command.timer) command.timer.emplace();
            PASSBENCH_TRY(command.timer->resolution_ns, parse_number<std::int64_t>(value, option));
        } else if (option == "--timer-cost-ns") {
            if (!command.timer) command.timer.emplace();
            PASSBENCH_TRY(command.timer->cost_ns, parse_number<double>(value, option));
        } else {
            return fail({.code = ErrorCode::usage,
                         .what = "unknown option " + option,
                         .where = {},
                         .fix = "See passbench-agent --help."});
        }
    }
    return command;
}

AgentExit run_trial_command(const TrialCommand& command, std::span<const WorkloadForm> forms) {
    if (command.parent) {
        if (const auto bound = bind_to_parent(*command.parent); !bound) {
            return {.code = exit_code(bound.error().code), .output = {}, .errors = to_text(bound.error()) + "\n"};
        }
    }
    const auto job = read_job_request(command.request);
    if (!job) return {.code = 2, .output = {}, .errors = to_text(job.error()) + "\n"};
    if (command.index >= job->trials.size()) {
        return {.code = 2, .output = {}, .errors = "error: the request has no trial of this number\n"};
    }
    const TrialRequest& trial = job->trials[command.index];
    const TimerQuality timer = command.timer ? *command.timer : measure_timer();
    const TrialOutcome outcome = [&] {
        const OwnStandardOutput own;
        std::optional<GpuWatch> watch = watch_of(*job, trial);
        return run_trial(*job, trial, timer, forms, watch ? &*watch : nullptr);
    }();
    if (const auto written = write_samples(command, *job, trial, outcome); !written) {
        return {.code = exit_output_failed, .output = {}, .errors = to_text(written.error()) + "\n"};
    }
    std::string lines = to_json_line(outcome.event);
    for (const Event& seen : outcome.telemetry) lines += to_json_line(seen);
    return {.code = 0, .output = std::move(lines), .errors = {}};
}

}  // namespace passbench
