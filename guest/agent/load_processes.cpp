#include "guest/agent/load_processes.hpp"

#include <array>
#include <csignal>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

#include "guest/agent/load_command.hpp"
#include "guest/agent/spawn.hpp"
#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"
#include "harness/records/events.hpp"

namespace passbench {

namespace {

/// What a process said instead of going on.
Error error_of_load(const std::string& output, const std::string& last_words) {
    const Result<Event> said = event_from_json(output);
    const bool is_skipped = said && said->kind == "trial_skipped";
    Error error{.code = is_skipped ? ErrorCode::unsupported : ErrorCode::agent_lost, .what = {}, .fix = {}};
    if (said) {
        error.what = "the load beside it: " + fact_text(said->facts, trial_fact::reason).value_or("no reason given");
        error.finding = fact_text(said->facts, trial_fact::finding).value_or("");
    } else {
        error.what = "a process of the load beside it ended by itself";
        if (!last_words.empty()) error.what += "; its last words: " + printable(last_words, last_words_limit);
        error.fix = "See the kernel's log (dmesg): it may have ended it for want of memory.";
    }
    return error;
}

}  // namespace

class LoadProcesses::Process {
public:
    explicit Process(const std::vector<std::string>& argv, const StopSignals& signals)
        : child_(spawn(argv, {.input = &input_, .output = output_, .errors = errors_}, signals)) {}
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() { stop(); }

    [[nodiscard]] Result<void> started() const {
        if (!child_) return fail(child_.error());
        return {};
    }

    [[nodiscard]] Result<void> wait_until_ready(std::int64_t deadline_ns, StopSignals& signals) {
        for (;;) {
            PASSBENCH_CHECK(check());
            if (said_.starts_with(load_ready)) return {};
            if (signals.stop_requested()) {
                return fail({.code = ErrorCode::interrupted, .what = "the job was asked to stop", .where = {}});
            }
            const std::int64_t left_ns = deadline_ns - steady_ns();
            if (left_ns <= 0) {
                return fail({.code = ErrorCode::timeout,
                             .what = "the load beside it did not begin in the time that a trial has",
                             .where = {},
                             .fix = "Raise `trial_timeout` in the scenario, or take a lower level."});
            }
            std::array<pollfd, 3> watched = {{{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
                                              {.fd = output_.read_end(), .events = POLLIN, .revents = 0},
                                              {.fd = errors_.read_end(), .events = POLLIN, .revents = 0}}};
            const timespec timeout{.tv_sec = left_ns / 1'000'000'000, .tv_nsec = left_ns % 1'000'000'000};
            ppoll(watched.data(), watched.size(), &timeout, nullptr);
            signals.take();
        }
    }

    /// Error where it has ended by itself.
    [[nodiscard]] Result<void> check() {
        siginfo_t info{};
        const bool ended =
            waitid(P_PID, static_cast<id_t>(*child_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
        if (said_.size() < ChildPipe::most_taken) said_ += output_.take();
        last_words_ += errors_.take();
        if (last_words_.size() > last_words_limit) last_words_.erase(0, last_words_.size() - last_words_limit);
        if (!ended) return {};
        const std::size_t after_ready = said_.starts_with(load_ready) ? load_ready.size() : 0;
        return fail(error_of_load(said_.substr(after_ready), last_words_));
    }

    /// The CPU time that it took; 0 where it never was, or cannot be ended: it is stuck in a driver then, and dies when that returns.
    std::int64_t stop() {
        if (!child_ || *child_ <= 0) return 0;
        const pid_t child = *child_;
        child_ = 0;
        kill(-child, SIGKILL);
        const std::int64_t deadline_ns = steady_ns() + kill_patience_ns;
        rusage usage{};
        int status = 0;
        while (wait4(child, &status, WNOHANG, &usage) == 0) {
            if (steady_ns() > deadline_ns) return 0;
            const timespec moment{.tv_sec = 0, .tv_nsec = 1'000'000};
            nanosleep(&moment, nullptr);
        }
        return cpu_time_ns(usage);
    }

private:
    ChildPipe input_;
    ChildPipe output_;
    ChildPipe errors_;
    Result<pid_t> child_;
    std::string said_;
    std::string last_words_;
};

LoadProcesses::LoadProcesses() = default;
LoadProcesses::LoadProcesses(LoadProcesses&&) noexcept = default;
LoadProcesses::~LoadProcesses() = default;

Result<LoadProcesses> LoadProcesses::start(const Load& load, const std::vector<std::string>& command,
                                           const std::vector<int>& cpus, std::int64_t timeout_ns,
                                           StopSignals& signals) {
    const auto level = static_cast<std::size_t>(load.level);
    if (level > cpus.size()) {
        return fail({.code = ErrorCode::unsupported,
                     .what = fmt::format("{} processes of load {} need a CPU each, this machine lets us use {}", level,
                                         to_string(load.kind), cpus.size()),
                     .where = {},
                     .fix = "Take a lower level in [load], or give the machine more CPUs."});
    }
    LoadProcesses processes;
    for (std::size_t number = 0; number < level; ++number) {
        std::vector<std::string> argv = command;
        argv.insert(argv.end(), {std::to_string(cpus[cpus.size() - 1 - number]), "--parent", std::to_string(getpid())});
        processes.processes_.push_back(std::make_unique<Process>(argv, signals));
        PASSBENCH_CHECK(processes.processes_.back()->started());
    }
    const std::int64_t deadline_ns = steady_ns() + timeout_ns;
    for (const auto& process : processes.processes_) {
        PASSBENCH_CHECK(process->wait_until_ready(deadline_ns, signals));
    }
    return processes;
}

Result<void> LoadProcesses::check() {
    for (const auto& process : processes_) PASSBENCH_CHECK(process->check());
    return {};
}

std::int64_t LoadProcesses::stop() {
    std::int64_t cpu_ns = 0;
    for (const auto& process : processes_) cpu_ns += process->stop();
    return cpu_ns;
}

}  // namespace passbench
