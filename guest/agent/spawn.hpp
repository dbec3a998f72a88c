// Starting a process of a group of its own whose streams are pipes, on Linux. Internal to agent_child_posix.cpp.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "guest/agent/stop_signals.hpp"
#include "harness/core/result.hpp"

namespace passbench {

/// No process that we start inherits an end of it but the one it is given to.
class ChildPipe {
public:
    ChildPipe();
    ChildPipe(const ChildPipe&) = delete;
    ChildPipe& operator=(const ChildPipe&) = delete;
    ~ChildPipe();

    [[nodiscard]] bool good() const { return read_end_ >= 0; }
    /// Does not block.
    [[nodiscard]] int read_end() const { return read_end_; }
    [[nodiscard]] int write_end() const { return write_end_; }
    void close_read();
    void close_write();
    /// Everything that is there now, about most_taken_bytes at once; closed at the end of the stream, so that poll() no longer wakes for it.
    [[nodiscard]] std::string take();

private:
    int read_end_ = -1;
    int write_end_ = -1;
};

struct ChildPipes {
    ChildPipe* input;  // nullptr: /dev/null
    ChildPipe& output;
    ChildPipe& errors;
};

/// Starts argv[0], a path; our copies of the child's ends are closed then. Error `io` where it cannot be started.
[[nodiscard]] Result<pid_t> spawn(const std::vector<std::string>& argv, const ChildPipes& streams,
                                  const StopSignals& signals);

}  // namespace passbench
