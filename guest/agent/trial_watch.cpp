#include "guest/agent/trial_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#ifdef _WIN32
#include <windows.h>
#endif

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/open_library.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {
namespace {

constexpr std::int64_t nap_ns = 1'000'000;  // R13.6
constexpr std::int64_t smallest_budget_ns = 2 * nap_ns;
constexpr std::size_t fewest_naps = 1000;
// A suspend lasts seconds; reading two clocks one after the other differs by microseconds.
constexpr std::int64_t suspend_from_ns = 1'000'000;

#ifdef _WIN32
/// Units of 100 ns since the machine started, from a function that kernelbase.dll has since Windows 10; 0 where it has it not.
std::int64_t interrupt_time(const char* function) {
    using Read = void (*)(ULONGLONG*);
    const HMODULE library = ::GetModuleHandleW(L"kernelbase.dll");
    const auto read = library == nullptr ? nullptr : symbol<Read>(library, function);
    ULONGLONG units = 0;
    if (read != nullptr) read(&units);
    return static_cast<std::int64_t>(units);
}

void read_clocks(MachineMoment& moment) {
    constexpr std::int64_t unit_ns = 100;
    moment.steady_ns = steady_ns();
    // The clock that is read everywhere runs on while the machine is suspended; what counts is how long it was.
    const std::int64_t with_suspends = interrupt_time("QueryInterruptTimePrecise");
    const std::int64_t without = interrupt_time("QueryUnbiasedInterruptTimePrecise");
    moment.boot_ns = moment.steady_ns;
    if (with_suspends != 0 && without != 0) moment.boot_ns += (with_suspends - without) * unit_ns;
    moment.real_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
}

// Windows keeps no such average.
double load_of_machine() { return 0; }
#else
std::int64_t read_clock(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void read_clocks(MachineMoment& moment) {
    moment.steady_ns = read_clock(CLOCK_MONOTONIC);
    moment.boot_ns = read_clock(CLOCK_BOOTTIME);
    moment.real_ns = read_clock(CLOCK_REALTIME);
}

double load_of_machine() {
    double load = 0;
    return getloadavg(&load, 1) == 1 ? load : 0;
}
#endif

std::string list_of(const std::vector<int>& cpus) {
    std::string text;
    for (const int cpu : cpus) text += fmt::format("{}{}", text.empty() ? "" : ",", cpu);
    return text;
}

}  // namespace

MachineMoment observe_machine(const MachineFiles& files, const std::vector<int>& cpus) {
    MachineMoment moment;
    moment.cpu_times = read_cpu_times(files, cpus);
    moment.usable_cpus = usable_cpus();
    read_clocks(moment);
    if (!cpus.empty()) {
        const std::string cpu = fmt::format("sys/devices/system/cpu/cpu{}", cpus.front());
        moment.cpu_khz = files.number(cpu + "/cpufreq/scaling_cur_freq");
        moment.throttles = files.number(cpu + "/thermal_throttle/package_throttle_count");
    }
    moment.load = load_of_machine();
    return moment;
}

std::string broken_invariant(const MachineMoment& before, const MachineMoment& after) {
    const std::int64_t suspended = (after.boot_ns - before.boot_ns) - (after.steady_ns - before.steady_ns);
    if (suspended >= suspend_from_ns) {
        return fmt::format("the machine was suspended for {:.1f} s during the trial",
                           static_cast<double>(suspended) * 1e-9);
    }
    if (before.usable_cpus != after.usable_cpus) {
        return fmt::format("the usable CPUs changed during the trial, from {} to {}", list_of(before.usable_cpus),
                           list_of(after.usable_cpus));
    }
    const double stolen = steal_fraction(before.cpu_times, after.cpu_times);
    if (stolen > steal_cap && after.cpu_times.steal - before.cpu_times.steal >= steal_ticks_floor) {
        return fmt::format("the hypervisor took {:.0f} % of the trial's CPU time (steal; at most {:.0f} %)",
                           stolen * 100, steal_cap * 100);
    }
    return {};
}

Facts telemetry_facts(const MachineMoment& before, const MachineMoment& after) {
    Facts facts;
    facts["trial.wall_ns"] = after.steady_ns - before.steady_ns;
    facts["steal.fraction"] = steal_fraction(before.cpu_times, after.cpu_times);
    facts["load"] = before.load;
    // How far the calendar clock moved against the steady one: a corrected clock, or a VM that was saved and restored.
    facts["clock.step_ns"] = (after.real_ns - before.real_ns) - (after.steady_ns - before.steady_ns);
    if (after.cpu_khz) facts["cpu.clock_khz"] = *after.cpu_khz;
    if (before.throttles && after.throttles) facts["cpu.throttles"] = *after.throttles - *before.throttles;
    return facts;
}

void HiccupMeter::run(std::int64_t budget_ns) {
    if (budget_ns < smallest_budget_ns) return;
    std::int64_t now = steady_ns();
    const std::int64_t end = now + budget_ns;
    while (now + nap_ns <= end) {
        const timespec nap{.tv_sec = 0, .tv_nsec = nap_ns};
        const bool whole = nanosleep(&nap, nullptr) == 0;  // a signal ends it early
        const std::int64_t woken = steady_ns();
        if (whole) record(woken - now - nap_ns);
        now = woken;
    }
}

std::optional<std::int64_t> HiccupMeter::p999_ns() const {
    if (late_ns_.size() < fewest_naps) return std::nullopt;
    std::vector<std::int64_t> sorted = late_ns_;
    const auto rank = static_cast<std::ptrdiff_t>(std::ceil(0.999 * static_cast<double>(sorted.size())));
    std::nth_element(sorted.begin(), sorted.begin() + (rank - 1), sorted.end());
    return sorted[static_cast<std::size_t>(rank - 1)];
}

}  // namespace passbench
