#include "guest/agent/load_command.hpp"

#include <cstdio>
#include <new>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/command_numbers.hpp"
#include "guest/agent/job_request.hpp"
#include "guest/agent/trial.hpp"

namespace passbench {
namespace {

struct LoadWork {
    std::string_view workload;
    Form form;
    Parameters parameters;
};

/// One thread of work each, so that the number of processes is the level.
LoadWork work_of(LoadKind kind) {
    constexpr std::int64_t one = 1;
    switch (kind) {
        case LoadKind::cpu:
            return {"fma", Form::cpu, {{"threads", one}}};
        case LoadKind::memory: {
            // Three arrays, 192 MiB: beyond the last-level cache of most processors, and little enough to be filled in a moment.
            constexpr std::int64_t array_bytes = std::int64_t{64} << 20;
            return {"stream", Form::cpu, {{"op", "triad"}, {"bytes", array_bytes}, {"threads", one}}};
        }
        case LoadKind::gpu:
            return {"fma", Form::cuda, {}};
    }
    return {};
}

Result<void> work_until_input_closes(const JobRequest& job, const TrialRequest& trial, int cpu,
                                     std::span<const WorkloadForm> forms) {
    const LoadWork work = work_of(trial.what.load->kind);
    const Workload* workload = find_workload(work.workload);
    const WorkloadForm* form = find_form(forms, work.workload, work.form);
    if (workload == nullptr || form == nullptr) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "this agent has no load " + std::string(to_string(trial.what.load->kind)),
                     .fix = "Use an agent that was built with it, or take the load out of the scenario."});
    }
    PASSBENCH_TRY(const Parameters parameters, complete_parameters(*workload, work.form, work.parameters));
    ThreadPool pool({cpu});
    PASSBENCH_TRY(const std::unique_ptr<WorkloadInstance> instance,
                  form->prepare(parameters, {.pool = pool, .seed = trial.seed, .driver = driver_of(job, trial)}));
    for (bool is_first = true; !is_input_closed(); is_first = false) {
        PASSBENCH_CHECK(instance->before_sample());
        instance->iterate();
        PASSBENCH_CHECK(instance->after_sample());
        if (!is_first) continue;
        std::printf("%s\n", std::string(load_ready).c_str());
        std::fflush(stdout);
    }
    return {};
}

}  // namespace

Result<LoadCommand> parse_load_command(const std::vector<std::string>& arguments) {
    const bool has_parent = arguments.size() == 5 && arguments[3] == "--parent";
    if (arguments.size() != 3 && !has_parent) {
        return fail({.code = ErrorCode::usage,
                     .what = "load needs a request, the number of the trial in it and a CPU",
                     .where = {},
                     .fix = "See passbench-agent --help."});
    }
    LoadCommand command{.request = arguments[0], .index = 0, .cpu = 0, .parent = {}};
    PASSBENCH_TRY(command.index, parse_number<std::size_t>(arguments[1], "the number of the trial"));
    PASSBENCH_TRY(command.cpu, parse_number<int>(arguments[2], "the CPU"));
    if (has_parent) {
        PASSBENCH_TRY(command.parent, parse_number<int>(arguments[4], "--parent"));
    }
    return command;
}

AgentExit run_load_command(const LoadCommand& command, std::span<const WorkloadForm> forms) {
    if (command.parent) {
        if (const auto bound = bind_to_parent(*command.parent); !bound) {
            return {.code = exit_code(bound.error().code), .output = {}, .errors = to_text(bound.error()) + "\n"};
        }
    }
    const auto job = read_job_request(command.request);
    if (!job) return {.code = 2, .output = {}, .errors = to_text(job.error()) + "\n"};
    if (command.index >= job->trials.size() || !job->trials[command.index].what.load) {
        return {.code = 2, .output = {}, .errors = "error: the request has no trial of this number with a load\n"};
    }
    const TrialRequest& trial = job->trials[command.index];
    Result<void> done = fail({});
    try {
        done = work_until_input_closes(*job, trial, command.cpu, forms);
    } catch (const std::bad_alloc&) {
        done = fail({.code = ErrorCode::out_of_memory,
                     .what = "this machine has not enough memory for the load",
                     .fix = "Free memory, or take a lower level."});
    }
    if (done) return {};
    return {.code = 0, .output = to_json_line(failed_event(*job, trial, done.error())), .errors = {}};
}

}  // namespace passbench
