#include "guest/agent/stop_signals.hpp"

#include <array>
#include <string_view>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace passbench {

StopSignals::StopSignals() {
    sigset_t watched;
    sigemptyset(&watched);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&watched, signal);
    pthread_sigmask(SIG_BLOCK, &watched, &before_);
    descriptor_ = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
}

StopSignals::~StopSignals() {
    if (descriptor_ >= 0) close(descriptor_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::take() {
    signalfd_siginfo arrived{};
    while (read(descriptor_, &arrived, sizeof arrived) == static_cast<ssize_t>(sizeof arrived)) {
        if (arrived.ssi_signo != SIGCHLD && !stop_) stop_ = static_cast<int>(arrived.ssi_signo);
    }
}

std::string signal_name(int signal) {
    // Not sigabbrev_np: it needs glibc 2.32, the agent starts on 2.31.
    constexpr std::array<std::pair<int, std::string_view>, 16> names = {{
        {SIGHUP, "SIGHUP"},
        {SIGINT, "SIGINT"},
        {SIGQUIT, "SIGQUIT"},
        {SIGILL, "SIGILL"},
        {SIGTRAP, "SIGTRAP"},
        {SIGABRT, "SIGABRT"},
        {SIGBUS, "SIGBUS"},
        {SIGFPE, "SIGFPE"},
        {SIGKILL, "SIGKILL"},
        {SIGSEGV, "SIGSEGV"},
        {SIGPIPE, "SIGPIPE"},
        {SIGALRM, "SIGALRM"},
        {SIGTERM, "SIGTERM"},
        {SIGXCPU, "SIGXCPU"},
        {SIGXFSZ, "SIGXFSZ"},
        {SIGSYS, "SIGSYS"},
    }};
    for (const auto& [number, name] : names) {
        if (number == signal) return std::string(name);
    }
    return "signal " + std::to_string(signal);
}

}  // namespace passbench
