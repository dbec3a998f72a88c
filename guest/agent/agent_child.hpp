// A process that the agent has started, in one form for Linux and Windows: its streams are pipes, and it ends with us however we end, with
// all that it started. What it is for is its owner's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "guest/agent/stop_signals.hpp"
#include "harness/core/result.hpp"

namespace passbench {

/// How long a process that was killed may take to be gone; then it is stuck in the kernel.
inline constexpr std::int64_t kill_patience_ns = 5'000'000'000;
/// How much is kept of what a process said on its standard error.
inline constexpr std::size_t last_words_limit = std::size_t{2} * 1024;
/// About how much of a stream is taken at once.
inline constexpr std::size_t most_taken_bytes = std::size_t{64} * 1024;

/// `nothing` ends at once; what is held open ends when its owner closes it, or is gone.
enum class AgentInput { nothing, held_open };

/// How a process ended and what it used.
struct ChildUse {
    bool died = false;  // `code` is the signal, on Windows the exception, else the exit code
    int code = 0;
    std::int64_t max_rss_bytes = 0;
    std::int64_t context_switches = 0;              // it waited
    std::int64_t involuntary_context_switches = 0;  // somebody else was let run
    std::int64_t cpu_ns = 0;                        // user and system time
};

class AgentChild {
public:
    /// Starts argv[0], a path. Error `io` where it cannot be started.
    [[nodiscard]] static Result<AgentChild> start(const std::vector<std::string>& argv, AgentInput input,
                                                  const StopSignals& signals);
    AgentChild(AgentChild&& other) noexcept;
    AgentChild& operator=(AgentChild&& other) = delete;
    AgentChild(const AgentChild&) = delete;
    AgentChild& operator=(const AgentChild&) = delete;
    /// Leaves it as it is, but on Windows, where it ends with its owner: who needs it gone kills it and waits for its end.
    ~AgentChild();

    [[nodiscard]] bool has_ended() const;
    /// Waits until it has said something, has ended or a signal has come, at most so long; takes the signals.
    void wait(std::int64_t longest_ns, StopSignals& signals);
    /// What it said since the last call, about most_taken_bytes at most.
    [[nodiscard]] std::string take_output();
    [[nodiscard]] std::string take_errors();
    /// Ends it and what it started.
    void kill();
    /// Of one that has ended: once. What it may have started is ended too.
    [[nodiscard]] ChildUse reap();

private:
    struct State;
    explicit AgentChild(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// This very program for AgentChild::start, also when its file was replaced meanwhile.
[[nodiscard]] std::string own_program();
/// Whether it was ended from outside without a word: on Linux mostly by the kernel, for want of memory.
[[nodiscard]] bool was_killed(const ChildUse& use);

/// Called by the child itself: it dies with `parent`, leaves no core file and shows no window, and gets an error instead of a signal where
/// a file cannot grow. Error `interrupted` where the parent is gone already.
[[nodiscard]] Result<void> bind_to_parent(int parent);
/// Called by the process that is asked for a whole job: it is asked to stop when the one who started it is gone.
void stop_with_parent();
/// Whether who started this process has closed its standard input, or is gone. Does not wait.
[[nodiscard]] bool is_input_closed();

}  // namespace passbench
