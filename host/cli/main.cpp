// The program `passbench`: the command line with the streams, the terminal and the signals of this process.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>
#include <unistd.h>

#include "host/cli/cli.hpp"

namespace {

// Signals come to a process, not to an object: the one variable that its handler may touch.
std::atomic<bool> stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free variables");

void ask_to_stop(int /*signal*/) { stop_asked = true; }

/// A stop is carried out in the ordinary way however often it is asked for: what was changed on the host is always given back.
void catch_stop_signals() {
    struct sigaction action = {};
    action.sa_handler = ask_to_stop;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        sigaction(signal, &action, nullptr);
    }
    // A reader that goes away (`passbench run | head`) must not end a run that has changed the host.
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

bool is_terminal(int descriptor) {
    const char* kind = std::getenv("TERM");
    return isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace

int main(int argc, char** argv) {
    catch_stop_signals();
    try {
        return passbench::cli_main(argc, argv,
                                   {.out = std::cout,
                                    .err = std::cerr,
                                    .out_is_terminal = is_terminal(STDOUT_FILENO),
                                    .err_is_terminal = is_terminal(STDERR_FILENO),
                                    .colour_wanted = !is_set("NO_COLOR"),
                                    .stop = [] { return stop_asked.load(); }});
    } catch (const std::exception& exception) {
        std::cerr << "error: " << exception.what() << "\n  This is a fault of passbench: please report it.\n";
        return 4;
    }
}
