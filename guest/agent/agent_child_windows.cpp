#include <algorithm>
#include <optional>
#include <utility>
#include <windows.h>

#include "guest/agent/agent_child.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/windows_child.hpp"

namespace passbench {
namespace {

// A request to stop wakes nobody who waits for a child: it is looked for this often.
constexpr std::int64_t look_every_ns = 50'000'000;
// From here on an exit code is an exception that nobody caught (ntstatus.h: severity "error").
constexpr unsigned first_exception = 0xC0000000U;

}  // namespace

struct AgentChild::State {
    WindowsChild child;
};

AgentChild::AgentChild(std::unique_ptr<State> state) : state_(std::move(state)) {}
AgentChild::AgentChild(AgentChild&& other) noexcept = default;
AgentChild::~AgentChild() = default;

Result<AgentChild> AgentChild::start(const std::vector<std::string>& argv, AgentInput input,
                                     const StopSignals& /*signals*/) {
    auto child = WindowsChild::start(argv, ErrorStream::apart);
    if (!child) {
        Error error = std::move(child).error();
        error.code = ErrorCode::io;
        return fail(std::move(error));
    }
    if (input == AgentInput::nothing) child->close_input();
    return AgentChild(std::make_unique<State>(State{.child = *std::move(child)}));
}

bool AgentChild::has_ended() const { return state_->child.has_exited(); }

void AgentChild::wait(std::int64_t longest_ns, StopSignals& signals) {
    state_->child.wait(steady_ns() + std::min(longest_ns, look_every_ns));
    signals.take();
}

std::string AgentChild::take_output() { return state_->child.take_output(); }
std::string AgentChild::take_errors() { return state_->child.take_errors(); }

void AgentChild::kill() { state_->child.kill(); }

ChildUse AgentChild::reap() {
    kill();  // whatever it may have started
    state_->child.read_the_rest();
    const WindowsChildUse use = state_->child.use();
    const auto code = static_cast<unsigned>(state_->child.exit_code());
    return {.died = code >= first_exception,
            .code = static_cast<int>(code),
            .max_rss_bytes = use.max_rss_bytes,
            .cpu_ns = use.cpu_ns};
}

std::string own_program() { return running_program().string(); }

bool was_killed(const ChildUse& /*use*/) { return false; }

// The job object that the parent holds ends this process with it.
Result<void> bind_to_parent(int /*parent*/) {
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    return {};
}

// As above: who starts an agent holds it in a job object, and nobody else on this machine is told of his end.
void stop_with_parent() {}

bool is_input_closed() {
    DWORD available = 0;
    return ::PeekNamedPipe(::GetStdHandle(STD_INPUT_HANDLE), nullptr, 0, nullptr, &available, nullptr) == 0;
}

}  // namespace passbench
