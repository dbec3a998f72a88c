#include <atomic>
#include <csignal>
#include <string_view>
#include <unistd.h>

#include "harness/core/this_process.hpp"
#include "host/cli/stop_signals.hpp"

namespace passbench {
namespace {

// Signals come to a process, not to an object: the one variable that its handler may touch.
std::atomic<bool> stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free variables");

void ask_to_stop(int /*signal*/) { stop_asked = true; }

}  // namespace

void catch_stop_signals() {
    struct sigaction action = {};
    action.sa_handler = ask_to_stop;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        sigaction(signal, &action, nullptr);
    }
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

bool stop_was_asked() { return stop_asked; }

bool is_terminal(StandardStream stream) {
    const auto kind = environment_variable("TERM");
    return isatty(stream == StandardStream::output ? STDOUT_FILENO : STDERR_FILENO) == 1 && kind && *kind != "dumb";
}

}  // namespace passbench
