// How a child process begins here, whatever is then said with it: its own process group, no shell, no open file of ours, and its
// end with ours (PDEATHSIG). For this room and for host/powershell. Linux.
#pragma once

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

/// An open file that is closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    void close();
    /// -1: none.
    [[nodiscard]] int get() const { return number_; }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor out;  // to read from
    Descriptor in;
};

/// Closed in whatever this process starts. Error `io`.
[[nodiscard]] Result<Pipe> make_pipe();

/// The child's ends of its streams.
struct ChildStreams {
    int input = -1;  // -1: /dev/null
    int output = -1;
    int error = -1;
};

/// Starts argv[0], a path; the caller ends its group and reaps it. Errors: `usage` where there is no program or an argument has a
/// zero byte, `agent_lost` where it cannot be started (what, and what to do).
[[nodiscard]] Result<pid_t> start_child(const std::vector<std::string>& argv, const ChildStreams& streams);

}  // namespace passbench
