#include "guest/probe/activity.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace passbench {
namespace {

constexpr double busy_from = 0.05;
constexpr std::size_t busy_shown = 5;

// The fields of a cpu line: user nice system idle iowait irq softirq steal; guest time is within user already (proc(5)).
constexpr std::size_t counted_fields = 8;
constexpr std::size_t steal_field = 7;

}  // namespace

CpuTimes read_cpu_times(const MachineFiles& files, const std::vector<int>& cpus) {
    CpuTimes times;
    std::istringstream rows(files.text("proc/stat"));
    for (std::string row; std::getline(rows, row) && row.starts_with("cpu");) {
        std::istringstream fields(row.substr(3));
        if (row[3] == ' ') continue;  // the sum of all CPUs, offline ones included
        int cpu = -1;
        fields >> cpu;
        if (!cpus.empty() && std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) continue;
        std::int64_t ticks = 0;
        for (std::size_t field = 0; field < counted_fields && fields >> ticks; ++field) {
            times.total += ticks;
            if (field == steal_field) times.steal += ticks;
        }
    }
    return times;
}

double steal_fraction(const CpuTimes& earlier, const CpuTimes& later) {
    const std::int64_t total = later.total - earlier.total;
    if (total <= 0) return 0;
    return static_cast<double>(later.steal - earlier.steal) / static_cast<double>(total);
}

ProcessTimes read_process_times(const MachineFiles& files) {
    ProcessTimes times;
    for (const std::string& name : files.names("proc")) {
        const auto pid = leading_number(name);
        if (!pid || std::to_string(*pid) != name) continue;
        const std::string row = files.text("proc/" + name + "/stat");
        // "pid (name) state ..."; the name may hold blanks and parentheses itself, so the last one counts.
        const std::size_t open = row.find('(');
        const std::size_t close = row.rfind(')');
        if (open == std::string::npos || close == std::string::npos || close < open) continue;
        std::istringstream fields(row.substr(close + 1));
        std::array<std::string, 11> before_times;
        for (std::string& field : before_times) fields >> field;
        std::int64_t user = 0;
        std::int64_t system = 0;
        if (!(fields >> user >> system)) continue;
        times.by_pid[static_cast<int>(*pid)] = {printable(row.substr(open + 1, close - open - 1), 32), user + system};
    }
    return times;
}

std::vector<BusyProcess> busy_processes(const ProcessTimes& earlier, const ProcessTimes& later, double ticks,
                                        int self) {
    std::vector<BusyProcess> busy;
    if (ticks <= 0) return busy;
    for (const auto& [pid, process] : later.by_pid) {
        const auto before = earlier.by_pid.find(pid);
        if (pid == self || before == earlier.by_pid.end()) continue;
        const double share = static_cast<double>(process.ticks - before->second.ticks) / ticks;
        if (share >= busy_from) busy.push_back({pid, process.name, share});
    }
    std::sort(busy.begin(), busy.end(),
              [](const BusyProcess& left, const BusyProcess& right) { return left.of_one_cpu > right.of_one_cpu; });
    if (busy.size() > busy_shown) busy.resize(busy_shown);
    return busy;
}

}  // namespace passbench
