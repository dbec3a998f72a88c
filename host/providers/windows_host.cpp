#include "host/providers/windows_host.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/records/json_codec.hpp"
#include "host/engine/state_folder.hpp"
#include "host/powershell/interpreter.hpp"
#include "host/providers/hyperv_provider.hpp"
#include "host/providers/local_provider.hpp"
#include "host/providers/simulated_guest.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// The folder that the build's programs lie in.
fs::path programs() {
    std::error_code unknown;
    return fs::read_symlink("/proc/self/exe", unknown).parent_path();
}

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
        Interpreter::start({.argv = {(programs() / "passbench-sim-host").string(), "--state",
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

}  // namespace

Result<std::unique_ptr<Provider>> make_hyperv_provider(const HypervLease& lease) {
    if (lease.fixture.empty()) {
        return fail({.code = ErrorCode::unsupported,
                     .what = fmt::format("this machine is no Windows host, so it has no {}",
                                         lease.method == HypervMethod::wsl ? "WSL"
                                         : is_of_eflow(lease.method)       ? "EFLOW"
                                                                           : "Hyper-V"),
                     .where = std::string(to_string(lease.method)),
                     .fix = "Run passbench on the Windows host, or add --lab simulated, which plays one."});
    }
    PASSBENCH_TRY(const std::shared_ptr<HostFunctions> host, start_simulated(lease.fixture));
    const auto machine = std::make_shared<LocalProvider>();
    const GuestAccess guest{
        .carrier = [host](const std::string& resource) -> std::unique_ptr<Carrier> {
            if (resource.empty()) return std::make_unique<ChildProcessCarrier>();
            return std::make_unique<SimulatedGuest>(host, resource);
        },
        .agent_path = [machine] { return machine->agent_path(); },
        .stand_in_driver = [machine](const std::string& agent) { return machine->stand_in_driver(agent); }};
    return std::unique_ptr<Provider>(std::make_unique<HypervProvider>(lease, host, clock_of(host), guest));
}

}  // namespace passbench
