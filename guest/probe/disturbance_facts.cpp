// What may disturb measuring here, each with what to do about it where something is to be done (R13.5).
#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "guest/probe/fact_groups.hpp"
#include "harness/core/units.hpp"
#include "harness/records/environment.hpp"

namespace passbench {
namespace {

// Above these a fact is worth a sentence. The load is a mean of runnable threads; 0.5 of one CPU is no idle machine. A
// hundredth stolen is a third of the default budget of a gate (R18: 3 %).
constexpr double load_from = 0.5;
constexpr double steal_from = 0.01;
constexpr double free_memory_below = 0.10;

/// A fact, with its advice where `disturbs`.
Facts with_advice(std::string_view key, Fact value, bool disturbs, std::string_view advice) {
    Facts facts{{std::string(key), std::move(value)}};
    if (disturbs) facts[advice_key(key)] = std::string(advice);
    return facts;
}

Facts load(const MachineFiles& files) {
    const std::string line = files.line("proc/loadavg").value_or("0");
    const double value = std::strtod(line.c_str(), nullptr);
    return with_advice("load", value, value >= load_from,
                       "other work was running in the last minute: stop it, or wait until the load is below 0.5.");
}

Facts steal(const MachineFiles& files) {
    const double value = steal_fraction({}, read_cpu_times(files, {}));
    return with_advice("steal.fraction", value, value >= steal_from,
                       "the hypervisor gave CPU time of this guest to others since it started: stop other VMs of the "
                       "host, or reserve CPU for this one.");
}

Facts busy(const Machine& machine) {
    if (machine.recorded) return {};
    std::string names;
    for (const BusyProcess& process : machine.busy) {
        names += fmt::format("{}{} (pid {}) {:.0f} %", names.empty() ? "" : ", ", process.name, process.pid,
                             process.of_one_cpu * 100);
    }
    return with_advice("busy_processes", names.empty() ? "none" : names, !names.empty(),
                       "these processes use CPU time now: stop them, or measure when they have ended.");
}

Facts governor(const MachineFiles& files) {
    const auto value = files.line("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (!value) return {{"cpu.governor", std::string("not visible")}};
    return with_advice("cpu.governor", *value, *value != "performance",
                       "the clock follows the load: set the governor `performance`, by [prepare] in lab.toml or with "
                       "`cpupower frequency-set -g performance`.");
}

Facts boost(const MachineFiles& files) {
    std::optional<bool> on;
    if (const auto no_turbo = files.number("sys/devices/system/cpu/intel_pstate/no_turbo")) on = *no_turbo == 0;
    if (const auto boosted = files.number("sys/devices/system/cpu/cpufreq/boost")) on = *boosted != 0;
    if (!on) return {{"cpu.boost", std::string("not visible")}};
    return with_advice(
        "cpu.boost", std::string(*on ? "on" : "off"), *on,
        "the clock depends on temperature and on how many cores work: for comparisons turn it off (echo 0 "
        "> /sys/devices/system/cpu/cpufreq/boost, or 1 > .../intel_pstate/no_turbo).");
}

/// A quota stops every thread of the group for the rest of each period once it is used up.
Facts cpu_quota(const MachineFiles& files) {
    std::string value = files.line("sys/fs/cgroup/cpu.max").value_or("none");
    const auto legacy = files.number("sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    if (legacy && *legacy > 0) value = std::to_string(*legacy) + " us a period";
    const bool limited = value != "none" && !value.starts_with("max");
    return with_advice(
        "cpu.quota", limited ? value : "none", limited,
        "this container may use only a part of its CPUs and is stopped in between: start it without a CPU "
        "quota, and pin it to CPUs instead.");
}

Facts huge_pages(const MachineFiles& files) {
    const std::string line = files.line("sys/kernel/mm/transparent_hugepage/enabled").value_or("");
    const std::size_t open = line.find('[');
    const std::size_t close = line.find(']');
    if (open == std::string::npos || close == std::string::npos || close < open) return {};
    const std::string value = line.substr(open + 1, close - open - 1);
    return with_advice("memory.huge_pages", value, value == "always",
                       "pages are merged in the background while we measure: echo madvise > "
                       "/sys/kernel/mm/transparent_hugepage/enabled.");
}

Facts memory(const MachineFiles& files) {
    const std::string meminfo = files.text("proc/meminfo");
    const auto bytes = [&meminfo](std::string_view key) {
        const auto text = value_of(meminfo, key, ':');
        return (text ? leading_number(*text).value_or(0) : 0) * 1024;
    };
    const std::int64_t available = bytes("MemAvailable");
    const std::int64_t swapped = bytes("SwapTotal") - bytes("SwapFree");
    const bool scarce = static_cast<double>(available) < free_memory_below * static_cast<double>(bytes("MemTotal"));
    Facts facts = with_advice("memory.available_bytes", available, scarce,
                              "less than a tenth of the memory is free: stop what uses it, or large cases will swap.");
    facts.merge(with_advice("memory.swapped_bytes", swapped, swapped > 0,
                            "parts of running programs are on disk: free memory, then `swapoff -a && swapon -a`."));
    return facts;
}

Facts clock_quality(const Machine& machine) {
    const std::string source =
        machine.files.line("sys/devices/system/clocksource/clocksource0/current_clocksource").value_or("");
    // Clocks that are read through the kernel or a device take 0.5 us and more a read.
    const bool slow = source == "acpi_pm" || source == "hpet" || source == "refined-jiffies" || source == "jiffies";
    if (source.empty()) return {};
    return with_advice("clock", source, slow,
                       "reading this clock takes long: boot with clocksource=tsc if the kernel offers it, and see the "
                       "kernel's log for why it was not chosen.");
}

}  // namespace

Facts disturbance_facts(const Machine& machine) {
    const MachineFiles& files = machine.files;
    Facts facts = load(files);
    facts.merge(steal(files));
    facts.merge(busy(machine));
    facts.merge(governor(files));
    facts.merge(boost(files));
    facts.merge(cpu_quota(files));
    facts.merge(huge_pages(files));
    facts.merge(memory(files));
    facts.merge(clock_quality(machine));
    return facts;
}

}  // namespace passbench
