// The interpreter as a process: lines in, lines out, what it writes to stderr kept for messages. It is in a group of its own, dies
// with this process, and is killed with its object; its input is closed first. Internal to this room.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

enum class LineEnd { whole, timed_out, ended, too_long };

struct LineRead {
    LineEnd how = LineEnd::whole;
    std::string line;  // without its newline, where it is whole
};

class InterpreterProcess {
public:
    /// Errors as start_child.
    [[nodiscard]] static Result<InterpreterProcess> start(const std::vector<std::string>& argv);
    InterpreterProcess(InterpreterProcess&& other) noexcept;
    InterpreterProcess& operator=(InterpreterProcess&& other) = delete;
    ~InterpreterProcess();

    /// Hands the text over, reading meanwhile what the interpreter says; it may all be said before a line is asked for.
    [[nodiscard]] LineEnd write(std::string_view text, std::int64_t end_ns);
    /// The next line. Its last words before its end are read, but no line without a newline.
    [[nodiscard]] LineRead read_line(std::int64_t end_ns);
    /// It has ended by itself.
    [[nodiscard]] bool has_ended() const;
    /// Ends it: its input is closed, and after the grace its group is killed. Its exit code, 128 + signal where a signal ended it.
    int end(std::int64_t grace_ns);
    /// The last 16 KiB of what it wrote to stderr.
    [[nodiscard]] std::string last_errors() const;

private:
    struct State;
    explicit InterpreterProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace passbench
