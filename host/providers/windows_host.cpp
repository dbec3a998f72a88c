#include "host/providers/windows_host.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/this_process.hpp"
#include "harness/records/json_codec.hpp"
#include "host/engine/state_folder.hpp"
#include "host/powershell/interpreter.hpp"
#include "host/providers/hyperv_provider.hpp"
#include "host/providers/local_provider.hpp"
#include "host/providers/simulated_guest.hpp"
#include "host/providers/vm_guest.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// The folder that the build's programs lie in.
fs::path programs() { return running_program().parent_path(); }

/// Beside the stand-in drivers: what only simulates lies in one place.
fs::path shipped_fixtures() { return programs().parent_path() / "emulation" / "hosts"; }

Result<fs::path> fixture_file(const std::string& fixture) {
    std::error_code error;
    const bool is_path = fixture.find('/') != std::string::npos || fixture.ends_with(".json");
    const fs::path path = is_path ? fs::path(fixture) : shipped_fixtures() / (fixture + ".json");
    if (fs::exists(path, error)) return path;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(shipped_fixtures(), error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->path().extension() == ".json") names.push_back(entry->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("there is no fixture host '{}'; there are: {}", fixture, known),
                 .where = "machine.fixture",
                 .fix = "Name one of them, or the path of a host that `passbench doctor --save` recorded."});
}

Result<std::shared_ptr<HostFunctions>> start_simulated(const std::string& fixture) {
    PASSBENCH_TRY(const fs::path file, fixture_file(fixture));
    PASSBENCH_TRY(const fs::path state, state_folder(HostUse::changes_host));
    PASSBENCH_CHECK(make_folder(state / "simulated"));
    PASSBENCH_TRY(
        auto interpreter,
        Interpreter::start({.argv = {(programs() / program_file_name("passbench-sim-host")).string(), "--state",
                                     (state / "simulated" / file.filename()).string(), "--host", file.string()}}));
    return std::make_shared<Interpreter>(std::move(interpreter));
}

/// Waiting lets the time of the simulated host go on. It goes on too where that host does not answer any more: whoever waits for it waits
/// to a deadline.
EngineClock clock_of(const std::shared_ptr<HostFunctions>& host) {
    const auto step = [host, last_ns = std::make_shared<std::int64_t>(0)](std::int64_t duration_ns) {
        const auto now = host->call("Step-PassBenchTime", codec::to_compact({{"ns", duration_ns}}))
                             .and_then([](const std::string& answer) {
                                 return codec::decode(answer, codec::max_line_bytes, [](const codec::Json& root) {
                                     return codec::Place(root).integer("now_ns");
                                 });
                             });
        return *last_ns = now.value_or(*last_ns + duration_ns);
    };
    return {.now_ns = [step] { return step(0); },
            .sleep = [step](std::int64_t duration_ns) { static_cast<void>(step(duration_ns)); }};
}

/// Nothing where this is no Windows.
std::optional<fs::path> windows_powershell() {
    std::error_code unknown;
    const auto root = environment_variable("SystemRoot");
    if (!root) return std::nullopt;
    const fs::path program = fs::path(*root) / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe";
    return fs::exists(program, unknown) ? std::optional(program) : std::nullopt;
}

std::string_view system_of(HypervMethod method) {
    if (method == HypervMethod::wsl) return "WSL";
    return is_of_eflow(method) ? "EFLOW" : "Hyper-V";
}

/// As docs/hyperv.md names it: no profile of a user, and no policy of scripts for this process.
Result<std::vector<std::string>> own_powershell(HypervMethod method) {
    const auto program = windows_powershell();
    if (!program) {
        return fail({.code = ErrorCode::unsupported,
                     .what = fmt::format("this machine is no Windows host, so it has no {}", system_of(method)),
                     .where = std::string(to_string(method)),
                     .fix = "Run passbench on the Windows host, or add --lab simulated, which plays one."});
    }
    const fs::path runner = programs().parent_path() / "powershell" / "PassBench.Runner.ps1";
    return std::vector<std::string>{program->string(), "-NoProfile", "-NonInteractive", "-ExecutionPolicy",
                                    "Bypass",          "-File",      runner.string()};
}

Result<std::shared_ptr<HostFunctions>> start_host(const HypervLease& lease) {
    if (!lease.fixture.empty()) return start_simulated(lease.fixture);
    std::vector<std::string> command = lease.interpreter;
    if (command.empty()) {
        PASSBENCH_TRY(command, own_powershell(lease.method));
    }
    PASSBENCH_TRY(auto interpreter, Interpreter::start({.argv = std::move(command)}));
    return std::make_shared<Interpreter>(std::move(interpreter));
}

/// From Windows itself the host's own agent measures; a played guest is a child process; any other answers by ssh.
GuestAccess guest_access(const HypervLease& lease, const std::shared_ptr<HostFunctions>& host,
                         const EngineClock& clock) {
    const bool is_vm = lease.method != HypervMethod::native_windows;
    if (is_vm && lease.fixture.empty()) {
        return vm_guest(host, lease.guest.value_or(SshSettings{.address = std::string(told_by_host)}), clock);
    }
    const auto machine = std::make_shared<LocalProvider>();
    return {.carrier = [host](const std::string& resource) -> std::unique_ptr<Carrier> {
                if (resource.empty()) return std::make_unique<ChildProcessCarrier>();
                return std::make_unique<SimulatedGuest>(host, resource);
            },
            .chosen_agent = [machine](const std::string& chosen) { return machine->chosen_agent(chosen); },
            .stand_in_driver = [machine](const std::string& agent) { return machine->stand_in_driver(agent); }};
}

}  // namespace

bool has_windows_host(const Lab& lab, const std::string& fixture) {
    return lab.simulated ? !fixture.empty() : !lab.interpreter.empty() || windows_powershell();
}

Result<std::unique_ptr<Provider>> make_hyperv_provider(const HypervLease& lease) {
    if (lease.fixture.empty() && (lease.method == HypervMethod::wsl || is_of_eflow(lease.method))) {
        return fail(
            {.code = ErrorCode::unsupported,
             .what = "this build has no way into a guest of WSL or EFLOW but that of a played host",
             .where = std::string(to_string(lease.method)),
             .fix = "Have sshd answer in the guest and bind the arm to the provider ssh, or add --lab simulated."});
    }
    PASSBENCH_TRY(const std::shared_ptr<HostFunctions> host, start_host(lease));
    const EngineClock clock = host->is_simulated() ? clock_of(host) : system_clock();
    return std::unique_ptr<Provider>(
        std::make_unique<HypervProvider>(lease, host, clock, guest_access(lease, host, clock)));
}

}  // namespace passbench
