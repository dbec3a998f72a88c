// passbench-lease-cost HOST.json [ROUNDS]: what the engine costs over the bare actions of a DDA lease, side by side in one run, on the simulated
// host in this process. The journal is on the disk of the folder that TMPDIR names, synced as it always is.
//
// Bare: every step set and observed, then set back and observed, as Lease does it but without a journal. Leased: Lease::acquire() and
// restore(). In turns; medians of ROUNDS.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/durable_files.hpp"
#include "host/engine/lease.hpp"
#include "host/engine/set_and_observe.hpp"
#include "host/providers/hyperv_provider.hpp"
#include "host/simulated/simulated_host.hpp"

namespace {

using namespace passbench;
namespace fs = std::filesystem;

constexpr double ns_per_ms = 1e6;

/// A host as a fixture has it, in a folder of its own.
Result<std::shared_ptr<SimulatedHost>> make_host(const fs::path& fixture, const fs::path& folder) {
    PASSBENCH_TRY(auto state, state_of_fixture(fixture));
    PASSBENCH_TRY(auto host, SimulatedHost::create(folder / "host.json", std::move(state)));
    return std::make_shared<SimulatedHost>(std::move(host));
}

std::unique_ptr<HypervProvider> provider_of(const std::shared_ptr<SimulatedHost>& host) {
    return std::make_unique<HypervProvider>(
        HypervLease{.method = HypervMethod::dda, .force = ForcedDismount::consented}, host, host->clock(),
        GuestAccess());
}

Result<std::int64_t> bare_ns(Resources& resources, const std::vector<Step>& steps) {
    const std::int64_t begun = steady_ns();
    for (const Step& step : steps) PASSBENCH_CHECK(set_and_observe(resources, {}, step, step.wanted));
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        PASSBENCH_CHECK(set_and_observe(resources, {}, *step, step->before));
    }
    return steady_ns() - begun;
}

Result<std::int64_t> leased_ns(Resources& resources, const std::vector<Step>& steps, const fs::path& folder) {
    const std::int64_t begun = steady_ns();
    PASSBENCH_TRY(auto lease, Lease::acquire(resources, steps,
                                             {.run = "lease-cost", .provider = "hyperv_dda", .state_folder = folder}));
    if (!lease.restore().host_equals_snapshot()) {
        return fail({.code = ErrorCode::verify_failed, .what = "the simulated host was not put back"});
    }
    return steady_ns() - begun;
}

/// What a step's two intents, to set and to set back, cannot do without: a line, and the disk's word that it has it.
Result<std::int64_t> two_synced_lines_ns(const fs::path& folder) {
    PASSBENCH_TRY(auto file, AppendFile::open(folder / "lines"));
    const std::string line(300, 'x');
    const std::int64_t begun = steady_ns();
    for (int written = 0; written < 2; ++written) {
        PASSBENCH_CHECK(file.append(line));
        PASSBENCH_CHECK(file.sync());
    }
    return steady_ns() - begun;
}

double median_ms(std::vector<std::int64_t> values) {
    std::sort(values.begin(), values.end());
    return static_cast<double>(values[values.size() / 2]) / ns_per_ms;
}

Result<std::string> measure(const fs::path& fixture, int rounds, const fs::path& folder) {
    PASSBENCH_TRY(const auto host, make_host(fixture, folder));
    const auto provider = provider_of(host);
    PASSBENCH_TRY(const HostFacts facts, provider->survey());
    PASSBENCH_TRY(const std::vector<Step> steps, provider->steps(facts, {}));
    std::vector<std::int64_t> bare;
    std::vector<std::int64_t> leased;
    std::vector<std::int64_t> synced;
    for (int round = 0; round < rounds; ++round) {
        PASSBENCH_TRY(const std::int64_t without, bare_ns(*provider, steps));
        PASSBENCH_TRY(const std::int64_t with, leased_ns(*provider, steps, folder / "state"));
        PASSBENCH_TRY(const std::int64_t lines, two_synced_lines_ns(folder));
        synced.push_back(lines);
        bare.push_back(without);
        leased.push_back(with);
    }
    const double bare_ms = median_ms(bare);
    const double all_ms = median_ms(leased);
    return fmt::format(
        "a DDA lease of {} steps on the simulated host, {} rounds, medians\n"
        "  bare, set and set back            {:8.2f} ms\n"
        "  leased: journalled and restored   {:8.2f} ms   {:.2f} x bare   goal: under 500 ms\n"
        "  the engine, for each step         {:8.3f} ms   goal: at most 1 ms\n"
        "  of that two synced lines, bare    {:8.3f} ms\n",
        steps.size(), rounds, bare_ms, all_ms, all_ms / bare_ms, (all_ms - bare_ms) / static_cast<double>(steps.size()),
        median_ms(synced));
}

}  // namespace

int main(int count, char** words) {
    constexpr int usual_rounds = 21;
    constexpr int exit_usage = 2;
    if (count < 2 || count > 3) {
        fmt::print("passbench-lease-cost HOST.json [ROUNDS]\n");
        return exit_usage;
    }
    const int rounds = count == 3 ? std::max(1, std::atoi(words[2])) : usual_rounds;
    const fs::path folder = fs::temp_directory_path() / "passbench-lease-cost";
    fs::remove_all(folder);
    const auto text = measure(words[1], rounds, folder);
    fs::remove_all(folder);
    if (!text) {
        fmt::print("{}\n", to_text(text.error()));
        return exit_code(text.error().code);
    }
    fmt::print("{}", *text);
    return EXIT_SUCCESS;
}
