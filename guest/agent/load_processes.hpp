// The processes of a load beside a trial: started before it, at work when it begins, ended after it whatever happens. They die with
// this process however it ends: their standard input closes, and the kernel kills them (bind_to_parent).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "guest/agent/stop_signals.hpp"
#include "harness/catalogue/load.hpp"
#include "harness/core/result.hpp"

namespace passbench {

class LoadProcesses {
public:
    /// `command` starts one of them; the CPU that it keeps to and `--parent` are put behind. They take the last of `cpus`, one each,
    /// so that a case on few threads, which takes the first ones, shares caches, memory and power with them before it shares a CPU.
    /// Returns when all have done their first piece of work. Errors: `unsupported` where there are fewer CPUs than processes, or what
    /// a process said of itself; `timeout` where one does not begin in time; `interrupted`.
    [[nodiscard]] static Result<LoadProcesses> start(const Load& load, const std::vector<std::string>& command,
                                                     const std::vector<int>& cpus, std::int64_t timeout_ns,
                                                     StopSignals& signals);
    LoadProcesses(LoadProcesses&&) noexcept;
    LoadProcesses& operator=(LoadProcesses&&) = delete;
    /// Ends them.
    ~LoadProcesses();

    /// Error `agent_lost`, or what it said, where one has ended by itself: the trial was then not measured under this load.
    [[nodiscard]] Result<void> check();
    /// Ends them and tells the CPU time that all took together.
    std::int64_t stop();

private:
    class Process;
    LoadProcesses();
    std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace passbench
