#include "guest/agent/load_processes.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/load_command.hpp"
#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/this_process.hpp"
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
    explicit Process(AgentChild child) : child_(std::move(child)) {}
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() { stop(); }

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
            child_.wait(left_ns, signals);
        }
    }

    /// Error where it has ended by itself.
    [[nodiscard]] Result<void> check() {
        const bool ended = child_.has_ended();
        if (said_.size() < most_taken_bytes) said_ += child_.take_output();
        last_words_ += child_.take_errors();
        if (last_words_.size() > last_words_limit) last_words_.erase(0, last_words_.size() - last_words_limit);
        if (!ended) return {};
        const std::size_t after_ready = said_.starts_with(load_ready) ? load_ready.size() : 0;
        return fail(error_of_load(said_.substr(after_ready), last_words_));
    }

    /// The CPU time that it took; 0 where it cannot be ended: it is stuck in a driver then, and dies when that returns.
    std::int64_t stop() {
        if (std::exchange(stopped_, true)) return 0;
        child_.kill();
        const std::int64_t deadline_ns = steady_ns() + kill_patience_ns;
        while (!child_.has_ended()) {
            if (steady_ns() > deadline_ns) return 0;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return child_.reap().cpu_ns;
    }

private:
    AgentChild child_;
    std::string said_;
    std::string last_words_;
    bool stopped_ = false;
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
        argv.insert(argv.end(),
                    {std::to_string(cpus[cpus.size() - 1 - number]), "--parent", std::to_string(process_number())});
        PASSBENCH_TRY(AgentChild child, AgentChild::start(argv, AgentInput::held_open, signals));
        processes.processes_.push_back(std::make_unique<Process>(std::move(child)));
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
