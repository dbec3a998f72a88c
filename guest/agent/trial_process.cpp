#include "guest/agent/trial_process.hpp"

#include <algorithm>
#include <utility>

#include "guest/agent/agent_child.hpp"
#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"

namespace passbench {
namespace {

constexpr std::size_t output_limit = most_taken_bytes;

/// A child that runs.
class RunningChild {
public:
    RunningChild(AgentChild child, StopSignals& signals) : child_(std::move(child)), signals_(signals) {}

    ChildResult wait(std::int64_t timeout_ns) {
        std::int64_t deadline = steady_ns() + timeout_ns;
        while (!child_.has_ended()) {
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
                child_.wait(left, signals_);
            }
        }
        reap();
        return finish();
    }

private:
    std::int64_t kill(ChildEnd why) {
        killed_ = true;
        result_.end = why;
        child_.kill();
        return steady_ns() + kill_patience_ns;
    }

    void drain() {
        const std::string fresh = child_.take_output();
        result_.output.append(fresh, 0, output_limit - std::min(output_limit, result_.output.size()));
        last_words_ += child_.take_errors();
        if (last_words_.size() > last_words_limit) last_words_.erase(0, last_words_.size() - last_words_limit);
    }

    void reap() {
        const ChildUse use = child_.reap();
        result_.max_rss_bytes = use.max_rss_bytes;
        result_.context_switches = use.context_switches;
        result_.involuntary_context_switches = use.involuntary_context_switches;
        result_.cpu_ns = use.cpu_ns;
        if (killed_) return;
        result_.end = use.died ? ChildEnd::signalled : ChildEnd::exited;
        result_.code = use.code;
        result_.killed_from_outside = was_killed(use);
    }

    ChildResult finish() {
        drain();
        result_.last_words = printable(last_words_, last_words_limit);
        return std::move(result_);
    }

    AgentChild child_;
    StopSignals& signals_;
    ChildResult result_;
    std::string last_words_;
    bool killed_ = false;
};

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& argv, std::int64_t timeout_ns, StopSignals& signals) {
    PASSBENCH_TRY(AgentChild child, AgentChild::start(argv, AgentInput::nothing, signals));
    return RunningChild(std::move(child), signals).wait(timeout_ns);
}

}  // namespace passbench
