// A child process of Windows, whatever is then said with it: no shell, no handle of ours but its streams, and in a job object that is
// killed with its last handle, so that the child and what it started end with this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

enum class ErrorStream { apart, with_output };

/// Of the process itself, without what it started.
struct WindowsChildUse {
    std::int64_t cpu_ns = 0;  // user and system time
    std::int64_t max_rss_bytes = 0;
};

class WindowsChild {
public:
    /// Starts argv[0], a path. Errors: `usage` where there is no program or an argument has a zero byte, `agent_lost` where it cannot
    /// be started (what, and what to do), `io`.
    [[nodiscard]] static Result<WindowsChild> start(const std::vector<std::string>& argv, ErrorStream error_stream);
    WindowsChild(WindowsChild&& other) noexcept;
    WindowsChild& operator=(WindowsChild&& other) noexcept;
    WindowsChild(const WindowsChild&) = delete;
    WindowsChild& operator=(const WindowsChild&) = delete;
    /// Kills it and what it started.
    ~WindowsChild();

    /// Waits until something of it has changed (its end, more output, input taken), at most to `end_ns`.
    void wait(std::int64_t end_ns);
    /// What it has said since the last call.
    [[nodiscard]] std::string take_output();
    [[nodiscard]] std::string take_errors();
    /// Nobody holds its output open any more.
    [[nodiscard]] bool output_has_ended() const;

    /// Nothing that was given is on its way any more.
    [[nodiscard]] bool takes_input();
    /// Hands a part of the text over, up to 64 KiB; how many bytes, 0 while an earlier part is on its way, -1 where nobody reads any more.
    [[nodiscard]] std::int64_t give(std::string_view text);
    void close_input();

    [[nodiscard]] bool has_exited() const;
    /// Asks it to end: Ctrl-Break, which a program without a console does not hear.
    void ask_to_end() const;
    /// Ends it and what it started.
    void kill() const;
    /// Of one that has exited.
    [[nodiscard]] int exit_code() const;
    [[nodiscard]] WindowsChildUse use() const;
    /// After kill(): reads what it had still said.
    void read_the_rest();

private:
    struct State;
    explicit WindowsChild(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace passbench
