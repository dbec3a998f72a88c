// Starting a process of a group of its own whose streams are pipes. What happens to it afterwards is its owner's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

#include "guest/agent/stop_signals.hpp"
#include "harness/core/result.hpp"

namespace passbench {

/// No process that we start inherits an end of it but the one it is given to.
class ChildPipe {
public:
    static constexpr std::size_t most_taken = std::size_t{64} * 1024;

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
    /// Everything that is there now, about most_taken at once; closed at the end of the stream, so that poll() no longer wakes for it.
    [[nodiscard]] std::string take();

private:
    int read_end_ = -1;
    int write_end_ = -1;
};

/// How long a process that was killed may take to be gone; then it is stuck in the kernel.
inline constexpr std::int64_t kill_patience_ns = 5'000'000'000;
/// How much is kept of what a process said on its standard error.
inline constexpr std::size_t last_words_limit = std::size_t{2} * 1024;

/// User and system time.
[[nodiscard]] std::int64_t cpu_time_ns(const rusage& usage);

struct ChildPipes {
    ChildPipe* input;  // nullptr: /dev/null
    ChildPipe& output;
    ChildPipe& errors;
};

/// Starts argv[0], a path; our copies of the child's ends are closed then. Error `io` where it cannot be started.
[[nodiscard]] Result<pid_t> spawn(const std::vector<std::string>& argv, const ChildPipes& streams,
                                  const StopSignals& signals);

}  // namespace passbench
