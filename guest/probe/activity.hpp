// What the machine's CPUs and processes were busy with: CPU times of /proc/stat (steal among them, R13.6) and the processes
// that ran between two looks. Reads only; the caller decides how far apart the looks are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "guest/probe/machine_files.hpp"

namespace passbench {

/// Ticks (10 ms each on every kernel in use) that a set of CPUs spent since the start.
struct CpuTimes {
    std::int64_t total = 0;
    std::int64_t steal = 0;  // the hypervisor ran somebody else while this CPU had work
};
/// Of the given CPUs, or of all when `cpus` is empty; zeros where /proc/stat does not say.
[[nodiscard]] CpuTimes read_cpu_times(const MachineFiles& files, const std::vector<int>& cpus);
/// The share of `later - earlier` that was stolen; 0 where no time passed.
[[nodiscard]] double steal_fraction(const CpuTimes& earlier, const CpuTimes& later);

/// CPU ticks of every process at one moment.
struct ProcessTimes {
    struct Process {
        std::string name;
        std::int64_t ticks = 0;
    };
    std::map<int, Process> by_pid;
};
[[nodiscard]] ProcessTimes read_process_times(const MachineFiles& files);

struct BusyProcess {
    int pid;
    std::string name;
    double of_one_cpu;  // 1.0: it kept one CPU busy
};
/// Processes other than `self` that used at least 5 % of one CPU in `ticks` ticks, the busiest first, at most 5.
[[nodiscard]] std::vector<BusyProcess> busy_processes(const ProcessTimes& earlier, const ProcessTimes& later,
                                                      double ticks, int self);

}  // namespace passbench
