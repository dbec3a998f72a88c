// One command as a child process: own process group, no shell, bounded output, a deadline, and an end that also ends what it
// started. The child dies with this process (PDEATHSIG), also where this one is killed. Linux.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/carriers/carrier.hpp"

namespace passbench {

struct ChildCommand {
    std::vector<std::string> argv;          // argv[0] is a path; PATH is not searched
    std::int64_t deadline_ns = 0;           // 0: none
    ExecWatch watch = {};                   // may be absent
    std::int64_t grace_ns = 2'000'000'000;  // between SIGTERM and SIGKILL to the group
};

/// Runs the command to its end; input is empty, stdout and stderr are kept together, the last 64 KiB. What is left of its
/// process group when it ends is killed. Errors as Carrier::exec. Must not be called in a thread that ends before the child.
[[nodiscard]] Result<ExecResult> run_child(const ChildCommand& command);

}  // namespace passbench
