#include "guest/agent/trial_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"

namespace passbench {
namespace {

constexpr std::size_t output_limit = 64 * 1024;
constexpr std::size_t last_words_limit = 2 * 1024;
constexpr std::int64_t kill_patience_ns = 5'000'000'000;

std::string system_words(int error_number) { return std::generic_category().message(error_number); }

class Pipe {
public:
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
        read_end_ = ends[0];
        write_end_ = ends[1];
        fcntl(read_end_, F_SETFL, O_NONBLOCK);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_read();
        close_write();
    }
    [[nodiscard]] bool good() const { return read_end_ >= 0; }
    [[nodiscard]] int read_end() const { return read_end_; }
    [[nodiscard]] int write_end() const { return write_end_; }
    void close_write() {
        if (write_end_ >= 0) close(write_end_);
        write_end_ = -1;
    }
    void close_read() {
        if (read_end_ >= 0) close(read_end_);
        read_end_ = -1;
    }
    /// Everything that is there now; closed at the end of the stream, so that poll() no longer wakes for it.
    [[nodiscard]] std::string take() {
        std::string taken;
        std::array<char, 4096> buffer{};
        while (read_end_ >= 0) {
            const ssize_t count = read(read_end_, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) break;
            if (count == 0) close_read();
            taken.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            // A child that never stops writing must not keep us here: the rest is taken at the next call.
            if (taken.size() >= output_limit) break;
        }
        return taken;
    }

private:
    int read_end_ = -1;
    int write_end_ = -1;
};

/// What posix_spawn is told; frees what it allocates.
class SpawnSettings {
public:
    SpawnSettings(const Pipe& output, const Pipe& errors, const sigset_t& mask) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output.write_end(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, errors.write_end(), STDERR_FILENO);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setsigmask(&attributes_, &mask);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    /// The child's id, or the negative errno.
    [[nodiscard]] pid_t spawn(const std::vector<std::string>& argv) const {
        std::vector<char*> pointers;
        pointers.reserve(argv.size() + 1);
        for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
        pointers.push_back(nullptr);
        pid_t child = -1;
        const int failed = posix_spawn(&child, argv.front().c_str(), &actions_, &attributes_, pointers.data(), environ);
        return failed == 0 ? child : -failed;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// A child that runs.
class RunningChild {
public:
    RunningChild(pid_t child, Pipe& output, Pipe& errors, StopSignals& signals)
        : child_(child), output_(output), errors_(errors), signals_(signals) {}

    ChildResult wait(std::int64_t timeout_ns) {
        std::int64_t deadline = steady_ns() + timeout_ns;
        while (!ended()) {
            drain();
            const std::int64_t left = deadline - steady_ns();
            if (!killed_ && signals_.stop_requested()) {
                deadline = kill(ChildEnd::cancelled);
            } else if (left <= 0 && !killed_) {
                deadline = kill(ChildEnd::timed_out);
            } else if (left <= 0) {
                result_.end = ChildEnd::unkillable;
                return finish();
            } else {
                sleep_until_something_happens(left);
            }
        }
        reap();
        return finish();
    }

private:
    /// True when the child is a zombie; it stays one, so that its group cannot be somebody else's yet.
    [[nodiscard]] bool ended() const {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == child_;
    }

    std::int64_t kill(ChildEnd why) {
        killed_ = true;
        result_.end = why;
        ::kill(-child_, SIGKILL);
        return steady_ns() + kill_patience_ns;
    }

    void sleep_until_something_happens(std::int64_t left_ns) {
        std::array<pollfd, 3> watched = {{{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
                                          {.fd = output_.read_end(), .events = POLLIN, .revents = 0},
                                          {.fd = errors_.read_end(), .events = POLLIN, .revents = 0}}};
        const timespec timeout{.tv_sec = left_ns / 1'000'000'000, .tv_nsec = left_ns % 1'000'000'000};
        ppoll(watched.data(), watched.size(), &timeout, nullptr);
        signals_.take();
    }

    void drain() {
        const std::string fresh = output_.take();
        result_.output.append(fresh, 0, output_limit - std::min(output_limit, result_.output.size()));
        last_words_ += errors_.take();
        if (last_words_.size() > last_words_limit) last_words_.erase(0, last_words_.size() - last_words_limit);
    }

    void reap() {
        ::kill(-child_, SIGKILL);  // whatever it may have started
        int status = 0;
        rusage usage{};
        while (wait4(child_, &status, 0, &usage) < 0 && errno == EINTR) {
        }
        result_.max_rss_bytes = std::int64_t{usage.ru_maxrss} * 1024;
        result_.context_switches = usage.ru_nvcsw;
        result_.involuntary_context_switches = usage.ru_nivcsw;
        result_.cpu_ns = std::int64_t{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} * 1'000'000'000 +
                         std::int64_t{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec} * 1'000;
        if (killed_) return;
        result_.end = WIFSIGNALED(status) ? ChildEnd::signalled : ChildEnd::exited;
        result_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    }

    ChildResult finish() {
        drain();
        result_.last_words = printable(last_words_, last_words_limit);
        return std::move(result_);
    }

    pid_t child_;
    Pipe& output_;
    Pipe& errors_;
    StopSignals& signals_;
    ChildResult result_;
    std::string last_words_;
    bool killed_ = false;
};

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& argv, std::int64_t timeout_ns, StopSignals& signals) {
    Pipe output;
    Pipe errors;
    pid_t child = -EMFILE;
    if (output.good() && errors.good()) child = SpawnSettings(output, errors, signals.mask_before()).spawn(argv);
    if (child < 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot start a process for the trial: " + system_words(-child),
                     .where = argv.front(),
                     .fix = "Free memory or processes on this machine (see `ulimit -a`), then try again."});
    }
    output.close_write();
    errors.close_write();
    return RunningChild(child, output, errors, signals).wait(timeout_ns);
}

Result<void> bind_to_parent(int parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before prctl: then nobody tells us.
    if (getppid() != parent) {
        return fail({.code = ErrorCode::interrupted, .what = "the process that started this trial is gone"});
    }
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGXFSZ, SIG_IGN);
    return {};
}

}  // namespace passbench
