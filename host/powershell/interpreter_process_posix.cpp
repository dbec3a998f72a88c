#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/core/clock.hpp"
#include "host/carriers/child_start.hpp"
#include "host/carriers/output_ring.hpp"
#include "host/powershell/interpreter_process.hpp"
#include "host/powershell/interpreter_protocol.hpp"

namespace passbench {
namespace {

constexpr std::size_t kept_error_bytes = 16 * 1024;
constexpr std::int64_t grace_of_destruction_ns = 2'000'000'000;

/// A socket instead of a pipe: writing to one whose reader is gone is an error, and no signal for the whole process.
Result<Pipe> make_input() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make a pair of sockets: " + std::generic_category().message(errno),
                     .where = "interpreter",
                     .fix = "Raise the number of open files (ulimit -n), or end other programs."});
    }
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

int milliseconds_until(std::int64_t end_ns) {
    // What it started may hold its streams after its end, so the process itself is looked at now and then.
    constexpr std::int64_t longest_ms = 100;
    return static_cast<int>(std::clamp<std::int64_t>((end_ns - steady_ns()) / 1'000'000 + 1, 0, longest_ms));
}

}  // namespace

struct InterpreterProcess::State {
    pid_t pid = -1;
    int exit_code = -1;
    Descriptor input;
    Descriptor output;
    Descriptor errors;
    std::string unread;  // of its output
    OutputRing ring{kept_error_bytes};

    /// Waits for one of the streams, at most to `end_ns`, and reads what there is; true where input takes more.
    bool pump(std::int64_t end_ns, short input_events) {
        std::array<pollfd, 3> events = {
            {{.fd = input_events == 0 ? -1 : input.get(), .events = input_events, .revents = 0},
             {.fd = output.get(), .events = POLLIN, .revents = 0},
             {.fd = errors.get(), .events = POLLIN, .revents = 0}}};
        if (::poll(events.data(), events.size(), milliseconds_until(end_ns)) <= 0) return false;
        if (events[1].revents != 0) read_from(output, [this](std::string_view text) { unread += text; });
        if (events[2].revents != 0) read_from(errors, [this](std::string_view text) { ring.append(text); });
        return events[0].revents != 0;
    }

    template <typename Take>
    static void read_from(Descriptor& stream, Take&& take) {
        std::array<char, 65536> buffer;
        const ssize_t count = ::read(stream.get(), buffer.data(), buffer.size());
        if (count > 0) return take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
        stream.close();
    }

    std::optional<std::string> take_line() {
        const std::size_t end = unread.find('\n');
        if (end == std::string::npos) return std::nullopt;
        std::string line = unread.substr(0, end);
        unread.erase(0, end + 1);
        return line;
    }

    [[nodiscard]] bool has_exited() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
    }

    int end(std::int64_t grace_ns) {
        if (pid < 0) return exit_code;
        input.close();
        const std::int64_t end_ns = steady_ns() + grace_ns;
        while (!has_exited() && steady_ns() < end_ns) {
            pump(std::min(end_ns, steady_ns() + 5'000'000), 0);
            unread.clear();
        }
        // While it is not reaped, its number cannot be another group's.
        ::kill(-pid, SIGKILL);
        while (has_more(errors)) read_from(errors, [this](std::string_view text) { ring.append(text); });
        int status = 0;
        ::waitpid(std::exchange(pid, -1), &status, 0);
        exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return exit_code;
    }

    [[nodiscard]] static bool has_more(const Descriptor& stream) {
        pollfd event{.fd = stream.get(), .events = POLLIN, .revents = 0};
        return stream.get() >= 0 && ::poll(&event, 1, 0) == 1;
    }
};

InterpreterProcess::InterpreterProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
InterpreterProcess::InterpreterProcess(InterpreterProcess&& other) noexcept = default;
InterpreterProcess::~InterpreterProcess() {
    if (state_) end(grace_of_destruction_ns);
}

Result<InterpreterProcess> InterpreterProcess::start(const std::vector<std::string>& argv) {
    PASSBENCH_TRY(Pipe input, make_input());
    PASSBENCH_TRY(Pipe output, make_pipe());
    PASSBENCH_TRY(Pipe errors, make_pipe());
    auto state = std::make_unique<State>();
    PASSBENCH_TRY(state->pid,
                  start_child(argv, {.input = input.out.get(), .output = output.in.get(), .error = errors.in.get()}));
    state->input = std::move(input.in);
    state->output = std::move(output.out);
    state->errors = std::move(errors.out);
    for (const int stream : {state->input.get(), state->output.get(), state->errors.get()}) {
        ::fcntl(stream, F_SETFL, O_NONBLOCK);
    }
    return InterpreterProcess(std::move(state));
}

LineEnd InterpreterProcess::write(std::string_view text, std::int64_t end_ns) {
    while (!text.empty()) {
        const ssize_t count = ::send(state_->input.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
            return LineEnd::ended;
        } else if (steady_ns() >= end_ns) {
            return LineEnd::timed_out;
        } else {
            state_->pump(end_ns, POLLOUT);
            if (state_->unread.size() > most_interpreter_line_bytes) return LineEnd::too_long;
        }
    }
    return LineEnd::whole;
}

LineRead InterpreterProcess::read_line(std::int64_t end_ns) {
    while (true) {
        if (auto line = state_->take_line()) return {.how = LineEnd::whole, .line = *std::move(line)};
        if (state_->unread.size() > most_interpreter_line_bytes) return {.how = LineEnd::too_long, .line = {}};
        const bool is_over = state_->output.get() < 0 || (state_->has_exited() && !State::has_more(state_->output));
        if (is_over) return {.how = LineEnd::ended, .line = {}};
        if (steady_ns() >= end_ns) return {.how = LineEnd::timed_out, .line = {}};
        state_->pump(end_ns, 0);
    }
}

bool InterpreterProcess::has_ended() const { return state_->has_exited(); }

int InterpreterProcess::end(std::int64_t grace_ns) { return state_->end(grace_ns); }

std::string InterpreterProcess::last_errors() const { return state_->ring.last(); }

}  // namespace passbench
