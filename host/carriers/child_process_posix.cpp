#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "host/carriers/child_process.hpp"
#include "host/carriers/child_start.hpp"
#include "host/carriers/output_file.hpp"
#include "host/carriers/output_ring.hpp"

namespace passbench {
namespace {

constexpr std::size_t kept_output_bytes = 64 * 1024;
constexpr std::int64_t watch_period_ns = 250'000'000;
constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

Result<Descriptor> open_input(const ChildCommand& command) {
    if (command.input != ChildInput::file) return Descriptor();
    Descriptor file(::open(command.input_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0) return file;
    return fail({.code = ErrorCode::io,
                 .what = "cannot read a file for a command: " + std::generic_category().message(errno),
                 .where = command.input_file.string(),
                 .fix = "Check the file and its permissions."});
}

/// A child and everything in its process group.
class Child {
public:
    [[nodiscard]] static Result<Child> start(const ChildCommand& command) {
        PASSBENCH_TRY(Pipe output, make_pipe());
        PASSBENCH_TRY(Pipe input, make_pipe());
        PASSBENCH_TRY(Pipe data, make_pipe());
        PASSBENCH_TRY(const Descriptor file, open_input(command));
        const bool is_held = command.input == ChildInput::held_open;
        PASSBENCH_TRY(
            const pid_t pid,
            start_child(command.argv, {.input = is_held ? input.out.get() : file.get(),
                                       .output = command.output_file.empty() ? output.in.get() : data.in.get(),
                                       .error = output.in.get()}));
        Child child(pid, std::move(output.out));
        if (is_held) child.input_ = std::move(input.in);
        if (!command.output_file.empty()) child.take_data(std::move(data.out), command);
        return child;
    }
    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)),
          input_(std::move(other.input_)),
          output_(std::move(other.output_)),
          data_(std::move(other.data_)),
          file_(std::move(other.file_)),
          exited_(std::move(other.exited_)),
          ring_(std::move(other.ring_)) {}
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ < 0) return;
        signal_group(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    void signal_group(int signal) const { ::kill(-pid_, signal); }

    /// Why its output file takes no more; "" while all is well.
    [[nodiscard]] std::string output_trouble() const { return file_ ? file_->trouble() : ""; }

    /// Reads output until the child's end, `end_ns`, or until its output file takes no more; true at its end.
    bool wait_until(std::int64_t end_ns) {
        while (true) {
            if (has_exited()) return true;
            if (!output_trouble().empty()) return false;
            const std::int64_t left_ns = end_ns - steady_ns();
            if (left_ns <= 0) return false;
            // Where the kernel has no pidfd, the end is seen at the next look.
            const std::int64_t longest_ms = exited_.get() >= 0 ? 1000 : 5;
            const auto wait_ms = static_cast<int>(std::min(left_ns / 1'000'000 + 1, longest_ms));
            std::array<pollfd, 3> events = {{{.fd = output_.get(), .events = POLLIN, .revents = 0},
                                             {.fd = data_.get(), .events = POLLIN, .revents = 0},
                                             {.fd = exited_.get(), .events = POLLIN, .revents = 0}}};
            if (::poll(events.data(), events.size(), wait_ms) <= 0) continue;
            if (events[0].revents != 0) read_output();
            if (events[1].revents != 0) read_data(reads_a_look);
        }
    }

    /// After its end: takes its last words and its exit code.
    ExecResult collect(ChildRest rest) {
        // While it is not reaped, its number cannot be another group's.
        if (rest == ChildRest::ended) signal_group(SIGKILL);
        read_output();
        read_data(std::numeric_limits<int>::max());
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        ExecResult result;
        result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        result.output = ring_.last();
        return result;
    }

private:
    Child(pid_t pid, Descriptor output)
        : pid_(pid), output_(std::move(output)), exited_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
        ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    }

    [[nodiscard]] bool has_exited() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
    }

    void take_data(Descriptor data, const ChildCommand& command) {
        data_ = std::move(data);
        ::fcntl(data_.get(), F_SETFL, O_NONBLOCK);
        file_.emplace(command.output_file, command.most_output_bytes);
    }

    /// Hands what is there to `take`, in at most `most_reads` pieces; closes at the end.
    template <typename Take>
    static void read_all(Descriptor& from, int most_reads, const Take& take) {
        std::array<char, 65536> buffer;
        for (int reads = 0; from.get() >= 0 && reads < most_reads; ++reads) {
            const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0 && errno == EAGAIN) return;
            if (count <= 0) return from.close();
            take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
        }
    }

    void read_output() {
        read_all(output_, reads_a_look, [this](std::string_view text) { ring_.append(text); });
    }
    void read_data(int most_reads) {
        read_all(data_, most_reads, [this](std::string_view text) { file_->append(text); });
    }

    // Bounded, for a group that writes faster than it is read must not keep the deadline waiting.
    static constexpr int reads_a_look = 64;

    pid_t pid_;
    Descriptor input_;  // held open as long as the child is waited for
    Descriptor output_;
    Descriptor data_;
    std::optional<OutputFile> file_;
    Descriptor exited_;  // a pidfd: readable at the child's end
    OutputRing ring_{kept_output_bytes};
};

std::string name_of(const ChildCommand& command) {
    if (!command.called.empty()) return command.called;
    const std::string& path = command.argv.front();
    return path.substr(path.rfind('/') + 1);
}

std::string last_line(const std::string& output) {
    const std::size_t end = output.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return "";
    const std::size_t before = output.find_last_of('\n', end);
    return output.substr(before == std::string::npos ? 0 : before + 1,
                         end - (before == std::string::npos ? 0 : before + 1) + 1);
}

Error stopped_error(ErrorCode code, const ChildCommand& command, std::string what, std::string fix,
                    const std::string& output) {
    if (const std::string line = last_line(output); !line.empty())
        what += "; its last line was: " + line.substr(0, 400);
    return {.code = code, .what = std::move(what), .where = command.argv.front(), .fix = std::move(fix)};
}

/// SIGTERM to the group, and SIGKILL after the grace.
ExecResult stop(Child& child, const ChildCommand& command) {
    child.signal_group(SIGTERM);
    if (!child.wait_until(steady_ns() + command.grace_ns)) {
        child.signal_group(SIGKILL);
        child.wait_until(never_ns);
    }
    return child.collect(ChildRest::ended);
}

}  // namespace

Result<ExecResult> run_child(const ChildCommand& command) {
    const std::int64_t end_ns = command.deadline_ns > 0 ? steady_ns() + command.deadline_ns : never_ns;
    PASSBENCH_TRY(Child child, Child::start(command));
    const auto too_much = [&](const std::string& why, const ExecResult& ended) {
        return fail(stopped_error(ErrorCode::io, command, "what " + name_of(command) + " sends cannot be kept: " + why,
                                  "Check that the disk has room, and what it is that sends this.", ended.output));
    };
    while (!child.wait_until(command.watch ? std::min(end_ns, steady_ns() + watch_period_ns) : end_ns)) {
        if (const std::string why = child.output_trouble(); !why.empty()) return too_much(why, stop(child, command));
        if (steady_ns() >= end_ns) {
            return fail(stopped_error(ErrorCode::timeout, command,
                                      name_of(command) + " was ended: it took longer than " +
                                          format_duration(static_cast<double>(command.deadline_ns)),
                                      "Allow more time, or find out what it waits for.", stop(child, command).output));
        }
        if (command.watch && !command.watch()) {
            return fail(stopped_error(ErrorCode::interrupted, command, name_of(command) + " was ended as asked for",
                                      "Start it again when it suits.", stop(child, command).output));
        }
    }
    ExecResult ended = child.collect(command.rest);
    if (const std::string why = child.output_trouble(); !why.empty()) return too_much(why, ended);
    return ended;
}

}  // namespace passbench
