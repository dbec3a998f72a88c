// What the agent sees of the machine around a trial, never within its timed region: steal, suspends, the set of CPUs (the
// invariants of R1.3 that one machine has), load, clock, and hiccups between trials (R13.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "guest/probe/activity.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

/// More than this share of the trial's CPU time stolen makes it invalid: then the hypervisor's scheduler was measured. The method
/// asks for a cap and gives no number. A tenth was tried first: on a shared host bursts of 15 to 20 % hit one short trial in fifty,
/// and made whole runs invalid. What lies below the cap is a fact of the trial, and flagged by the statistics from a tenth on.
inline constexpr double steal_cap = 0.50;
/// Fewer stolen ticks (10 ms each) than this say nothing about a short trial.
inline constexpr std::int64_t steal_ticks_floor = 5;

/// One moment before or after a trial.
struct MachineMoment {
    CpuTimes cpu_times;  // of the CPUs of the trial
    std::vector<int> usable_cpus;
    std::int64_t steady_ns = 0;
    std::int64_t boot_ns = 0;  // runs on while the machine is suspended
    std::int64_t real_ns = 0;
    std::optional<std::int64_t> cpu_khz;  // of the first CPU of the trial, where the kernel shows it
    std::optional<std::int64_t>
        throttles;  // times the package was throttled since the start, where the kernel counts it
    double load = 0;
};
[[nodiscard]] MachineMoment observe_machine(const MachineFiles& files, const std::vector<int>& cpus);

/// The sentence that makes a trial invalid, or "" where every invariant held.
[[nodiscard]] std::string broken_invariant(const MachineMoment& before, const MachineMoment& after);
/// The facts of a telemetry line.
[[nodiscard]] Facts telemetry_facts(const MachineMoment& before, const MachineMoment& after);

/// Sleeps 1 ms at a time between trials and keeps by how much each sleep was late.
class HiccupMeter {
public:
    /// Sleeps for at most `budget_ns`; none at all where that is under 2 ms.
    void run(std::int64_t budget_ns);
    void record(std::int64_t late_ns) { late_ns_.push_back(late_ns); }
    [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(late_ns_.size()); }
    /// Nearest rank (R8.1) over the job so far; nothing below 1000 sleeps, where it would only be the maximum.
    [[nodiscard]] std::optional<std::int64_t> p999_ns() const;

private:
    std::vector<std::int64_t> late_ns_;
};

}  // namespace passbench
