#include "guest/agent/trial_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/spawn.hpp"
#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"

namespace passbench {
namespace {

constexpr std::size_t output_limit = ChildPipe::most_taken;

/// A child that runs.
class RunningChild {
public:
    RunningChild(pid_t child, ChildPipe& output, ChildPipe& errors, StopSignals& signals)
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
        result_.cpu_ns = cpu_time_ns(usage);
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
    ChildPipe& output_;
    ChildPipe& errors_;
    StopSignals& signals_;
    ChildResult result_;
    std::string last_words_;
    bool killed_ = false;
};

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& argv, std::int64_t timeout_ns, StopSignals& signals) {
    ChildPipe output;
    ChildPipe errors;
    PASSBENCH_TRY(const pid_t child, spawn(argv, {.input = nullptr, .output = output, .errors = errors}, signals));
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
