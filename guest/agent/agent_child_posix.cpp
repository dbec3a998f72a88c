#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/spawn.hpp"
#include "guest/agent/stop_signals_posix.hpp"

namespace passbench {
namespace {

std::int64_t cpu_time_ns(const rusage& usage) {
    return std::int64_t{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} * 1'000'000'000 +
           std::int64_t{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec} * 1'000;
}

}  // namespace

struct AgentChild::State {
    ChildPipe input;
    ChildPipe output;
    ChildPipe errors;
    pid_t number = 0;
};

AgentChild::AgentChild(std::unique_ptr<State> state) : state_(std::move(state)) {}
AgentChild::AgentChild(AgentChild&& other) noexcept = default;
AgentChild::~AgentChild() = default;

Result<AgentChild> AgentChild::start(const std::vector<std::string>& argv, AgentInput input,
                                     const StopSignals& signals) {
    auto state = std::make_unique<State>();
    const ChildPipes pipes{.input = input == AgentInput::held_open ? &state->input : nullptr,
                           .output = state->output,
                           .errors = state->errors};
    PASSBENCH_TRY(state->number, spawn(argv, pipes, signals));
    return AgentChild(std::move(state));
}

// It stays a zombie, so that its group cannot be somebody else's yet.
bool AgentChild::has_ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(state_->number), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == state_->number;
}

void AgentChild::wait(std::int64_t longest_ns, StopSignals& signals) {
    std::array<pollfd, 3> watched = {{{.fd = signals.native().descriptor, .events = POLLIN, .revents = 0},
                                      {.fd = state_->output.read_end(), .events = POLLIN, .revents = 0},
                                      {.fd = state_->errors.read_end(), .events = POLLIN, .revents = 0}}};
    const timespec timeout{.tv_sec = longest_ns / 1'000'000'000, .tv_nsec = longest_ns % 1'000'000'000};
    ppoll(watched.data(), watched.size(), &timeout, nullptr);
    signals.take();
}

std::string AgentChild::take_output() { return state_->output.take(); }
std::string AgentChild::take_errors() { return state_->errors.take(); }

void AgentChild::kill() { ::kill(-state_->number, SIGKILL); }

ChildUse AgentChild::reap() {
    kill();  // whatever it may have started
    int status = 0;
    rusage usage{};
    while (wait4(state_->number, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    const bool died = WIFSIGNALED(status);
    return {.died = died,
            .code = died ? WTERMSIG(status) : WEXITSTATUS(status),
            .max_rss_bytes = std::int64_t{usage.ru_maxrss} * 1024,
            .context_switches = usage.ru_nvcsw,
            .involuntary_context_switches = usage.ru_nivcsw,
            .cpu_ns = cpu_time_ns(usage)};
}

std::string own_program() { return "/proc/self/exe"; }

bool was_killed(const ChildUse& use) { return use.died && use.code == SIGKILL; }

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

void stop_with_parent() { prctl(PR_SET_PDEATHSIG, SIGTERM); }

bool is_input_closed() {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&input, 1, 0) <= 0) return false;
    std::array<char, 256> ignored{};
    return read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0;
}

}  // namespace passbench
