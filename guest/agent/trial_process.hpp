// Runs one child process to its end, under a deadline, and never lets it outlive us: own process group, killed as a whole. Knows
// nothing of trials. What the child writes is drained and bounded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "guest/agent/stop_signals.hpp"
#include "harness/core/result.hpp"

namespace passbench {

enum class ChildEnd {
    exited,      // by itself; `code` is its exit code
    signalled,   // `code` is the signal, on Windows the exception
    timed_out,   // we ended it at the deadline
    cancelled,   // we ended it because we were asked to stop
    unkillable,  // it did not end even when killed: stuck in a driver
};

struct ChildResult {
    ChildEnd end = ChildEnd::exited;
    int code = 0;
    bool killed_from_outside = false;
    std::string output;      // the first 64 KiB of its standard output
    std::string last_words;  // the last 2 KiB of its standard error, printable
    std::int64_t max_rss_bytes = 0;
    std::int64_t context_switches = 0;              // it waited
    std::int64_t involuntary_context_switches = 0;  // somebody else was let run
    std::int64_t cpu_ns = 0;                        // user and system time
};

/// argv[0] is the path of the program. Error `io` where it cannot be started.
[[nodiscard]] Result<ChildResult> run_child(const std::vector<std::string>& argv, std::int64_t timeout_ns,
                                            StopSignals& signals);

}  // namespace passbench
