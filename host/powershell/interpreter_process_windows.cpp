#include <algorithm>
#include <optional>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/windows_child.hpp"
#include "host/carriers/output_ring.hpp"
#include "host/powershell/interpreter_process.hpp"
#include "host/powershell/interpreter_protocol.hpp"

namespace passbench {
namespace {

constexpr std::size_t kept_error_bytes = 16 * 1024;
constexpr std::int64_t grace_of_destruction_ns = 2'000'000'000;
// What it started may hold its streams after its end, so the process itself is looked at now and then.
constexpr std::int64_t longest_wait_ns = 100'000'000;

}  // namespace

struct InterpreterProcess::State {
    explicit State(WindowsChild started) : child(std::move(started)) {}

    WindowsChild child;
    std::optional<int> exit_code;
    std::string unread;  // of its output
    OutputRing ring{kept_error_bytes};

    void take() {
        unread += child.take_output();
        ring.append(child.take_errors());
    }

    void pump(std::int64_t end_ns) {
        child.wait(std::min(end_ns, steady_ns() + longest_wait_ns));
        take();
    }

    std::optional<std::string> take_line() {
        const std::size_t end = unread.find('\n');
        if (end == std::string::npos) return std::nullopt;
        std::string line = unread.substr(0, end);
        unread.erase(0, end + 1);
        return line;
    }

    int end(std::int64_t grace_ns) {
        if (exit_code) return *exit_code;
        child.close_input();
        const std::int64_t end_ns = steady_ns() + grace_ns;
        while (!child.has_exited() && steady_ns() < end_ns) {
            pump(end_ns);
            unread.clear();
        }
        child.kill();
        child.read_the_rest();
        take();
        exit_code = child.exit_code();
        return *exit_code;
    }
};

InterpreterProcess::InterpreterProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
InterpreterProcess::InterpreterProcess(InterpreterProcess&& other) noexcept = default;
InterpreterProcess::~InterpreterProcess() {
    if (state_) end(grace_of_destruction_ns);
}

Result<InterpreterProcess> InterpreterProcess::start(const std::vector<std::string>& argv) {
    PASSBENCH_TRY(WindowsChild child, WindowsChild::start(argv, ErrorStream::apart));
    return InterpreterProcess(std::make_unique<State>(std::move(child)));
}

LineEnd InterpreterProcess::write(std::string_view text, std::int64_t end_ns) {
    while (!text.empty()) {
        const std::int64_t count = state_->child.give(text);
        if (count < 0) return LineEnd::ended;
        text.remove_prefix(static_cast<std::size_t>(count));
        if (count > 0) continue;
        if (steady_ns() >= end_ns) return LineEnd::timed_out;
        state_->pump(end_ns);
        if (state_->unread.size() > most_interpreter_line_bytes) return LineEnd::too_long;
    }
    return LineEnd::whole;
}

LineRead InterpreterProcess::read_line(std::int64_t end_ns) {
    while (true) {
        // Asked before what it said is taken: what it says before its end is heard.
        const bool is_over = state_->child.output_has_ended() || state_->child.has_exited();
        if (is_over) state_->pump(steady_ns());
        if (auto line = state_->take_line()) return {.how = LineEnd::whole, .line = *std::move(line)};
        if (state_->unread.size() > most_interpreter_line_bytes) return {.how = LineEnd::too_long, .line = {}};
        if (is_over) return {.how = LineEnd::ended, .line = {}};
        if (steady_ns() >= end_ns) return {.how = LineEnd::timed_out, .line = {}};
        state_->pump(end_ns);
    }
}

bool InterpreterProcess::has_ended() const { return state_->child.has_exited(); }

int InterpreterProcess::end(std::int64_t grace_ns) { return state_->end(grace_ns); }

std::string InterpreterProcess::last_errors() const { return state_->ring.last(); }

}  // namespace passbench
