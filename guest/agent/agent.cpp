#include "guest/agent/agent.hpp"

#include <filesystem>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/job.hpp"
#include "guest/agent/job_request.hpp"
#include "guest/agent/load_command.hpp"
#include "guest/agent/settings_command.hpp"
#include "guest/agent/trial_command.hpp"
#include "guest/probe/build_info.hpp"
#include "guest/probe/probe.hpp"
#include "harness/core/durable_files.hpp"
#include "harness/records/file_names.hpp"

namespace passbench {
namespace {

constexpr int exit_usage = 2;

AgentExit failed(const Error& error, int code) { return {.code = code, .output = {}, .errors = to_text(error) + "\n"}; }

AgentExit bad_command_line(const std::string& what) {
    return {.code = exit_usage,
            .output = {},
            .errors = "passbench-agent: error: " + what + "\nSee passbench-agent --help.\n"};
}

AgentExit run_command(const std::filesystem::path& request, const std::filesystem::path& out) {
    // The one who started us is the one who wants the answer: when he is gone we stop, as if he had asked.
    stop_with_parent();
    const auto job = read_job_request(request);
    if (!job) return failed(job.error(), exit_usage);
    const auto done = run_job(*job, out);
    if (!done) return failed(done.error(), exit_code(done.error().code));
    return {};
}

AgentExit probe_command(const std::vector<std::string>& arguments) {
    const bool recorded = arguments.size() == 3 && arguments[1] == "--root";
    if (arguments.size() != 1 && !recorded) {
        return bad_command_line("probe needs an output folder, and --root DIR or nothing");
    }
    const std::filesystem::path out = arguments[0];
    if (recorded && !std::filesystem::is_directory(arguments[2])) {
        return bad_command_line("there is no folder " + printable(arguments[2], 4096) + " with the files of a guest");
    }
    const std::string document = to_json(describe(recorded ? recorded_machine(arguments[2]) : this_machine()));
    const Result<void> written =
        make_folder(out).and_then([&] { return replace_file(out / file_name::environment, document); });
    if (!written) return failed(written.error(), exit_output_failed);
    return {};
}

std::string version_text() {
    const BuildInfo build = build_info();
    return "passbench-agent " + std::string(build.version) + " (source " + std::string(build.source) + ", " +
           std::string(build.compiler) + ", " + std::string(build.build_type) + ")\n";
}

}  // namespace

AgentExit run_agent(const std::vector<std::string>& arguments, std::span<const WorkloadForm> forms) {
    if (arguments.empty()) return bad_command_line("a command is missing");
    const std::string& verb = arguments.front();
    const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
    if (verb == "--help" || verb == "-h" || verb == "help") return {.code = 0, .output = agent_help(), .errors = {}};
    if (verb == "--version") return {.code = 0, .output = version_text(), .errors = {}};
    if (verb == "run") {
        if (rest.size() != 2) return bad_command_line("run needs a request and an output folder");
        return run_command(rest[0], rest[1]);
    }
    if (verb == "probe") return probe_command(rest);
    if (verb == "trial") {
        const auto command = parse_trial_command(rest);
        if (!command) return failed(command.error(), exit_usage);
        return run_trial_command(*command, forms);
    }
    if (verb == "load") {
        const auto command = parse_load_command(rest);
        if (!command) return failed(command.error(), exit_usage);
        return run_load_command(*command, forms);
    }
    if (verb == "get" || verb == "set") {
        const auto command = verb == "get" ? parse_get_command(rest) : parse_set_command(rest);
        if (!command) return failed(command.error(), exit_usage);
        return run_settings_command(*command);
    }
    return bad_command_line("unknown command " + verb);
}

std::string agent_help() {
    return "passbench-agent: measures in a guest what the controller asks for. A job in, records out; it opens no "
           "port\n"
           "and runs no shell. `passbench run` calls it; by hand it is useful to repeat a trial.\n"
           "\n"
           "  passbench-agent run request.json OUT/           do the trials of the request, each in a process of its "
           "own\n"
           "  passbench-agent probe OUT/                      write OUT/environment.json: what this machine is, what "
           "it can\n"
           "                                                  do, and what disturbs measuring here\n"
           "          OUT/ --root DIR                         the same of a recorded guest: DIR holds its files under "
           "their own\n"
           "                                                  names (proc/, sys/, dev/, etc/), and the hypervisor's\n"
           "                                                  signature in cpuid/0x40000000\n"
           "  passbench-agent trial request.json INDEX OUT/   do one trial of the request in this process (from 0); "
           "prints\n"
           "                                                  how it went and what was seen of the card, as lines of "
           "JSON\n"
           "  passbench-agent load request.json INDEX CPU     keep the CPU, memory or GPU busy as that trial asks for, "
           "until\n"
           "                                                  standard input closes; prints `ready` when it has begun\n"
           "  passbench-agent get PROPERTY | all              show what is set of the cards: gpu_clocks, "
           "gpu_persistence\n"
           "  passbench-agent set PROPERTY VALUE              set it: gpu_clocks '1230 MHz' | unlocked, "
           "gpu_persistence on | off;\n"
           "                                                  the journal of the controller gives it back, by hand "
           "nobody does\n"
           "          --card UUID                             of this card alone, else of all of them\n"
           "          --simulated NVML                        of the stand-in, whose card is kept in the file "
           "PASSBENCH_NVML_STATE\n"
           "          --out FILE                              the answer as a document like host.json\n"
           "  passbench-agent --version | --help\n"
           "\n"
           "run writes into OUT/ samples.bin, samples.jsonl, events.jsonl, telemetry.jsonl (formats: "
           "results/README.md)\n"
           "and, as it goes, status.json: {format, version, done, total, case, state}.\n"
           "\n"
           "Exit codes: 0 the job ran, whatever became of its trials (see events.jsonl); 2 a bad request or command "
           "line;\n"
           "4 OUT cannot be written, or nothing could be set or shown;\n"
           "130 asked to stop (SIGTERM, SIGINT, SIGHUP), or the one who started it is gone.\n";
}

}  // namespace passbench
