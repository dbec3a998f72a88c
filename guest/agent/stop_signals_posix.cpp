#include "guest/agent/stop_signals_posix.hpp"

#include <array>
#include <string_view>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace passbench {

StopSignals::StopSignals() : native_(std::make_unique<Native>()) {
    sigset_t watched;
    sigemptyset(&watched);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&watched, signal);
    pthread_sigmask(SIG_BLOCK, &watched, &native_->before);
    native_->descriptor = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
}

StopSignals::~StopSignals() {
    if (native_->descriptor >= 0) close(native_->descriptor);
    pthread_sigmask(SIG_SETMASK, &native_->before, nullptr);
}

void StopSignals::take() {
    signalfd_siginfo arrived{};
    while (read(native_->descriptor, &arrived, sizeof arrived) == static_cast<ssize_t>(sizeof arrived)) {
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
