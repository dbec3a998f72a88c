#include "kernels/emulation/signals.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <sys/mman.h>

#include "kernels/emulation/block_runner.hpp"

namespace passbench::emulation {

namespace {

constexpr std::array<int, 4> signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
std::array<struct sigaction, signals.size()> previous_actions;

void pass_on(int signal, siginfo_t* info, void* machine_context) {
    for (std::size_t i = 0; i < signals.size(); ++i) {
        if (signals[i] != signal) continue;
        const struct sigaction& previous = previous_actions[i];
        if ((previous.sa_flags & SA_SIGINFO) != 0) {
            previous.sa_sigaction(signal, info, machine_context);
        } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
            previous.sa_handler(signal);
        } else {
            // Back in the faulting instruction the signal comes again, and now it does what it does by default.
            sigaction(signal, &previous, nullptr);
        }
    }
}

void on_signal(int signal, siginfo_t* info, void* machine_context) {
    BlockRunner* runner = current_runner;
    if (runner != nullptr && runner->take_signal(signal, *info, machine_context)) return;
    pass_on(signal, info, machine_context);
}

/// Memory of its own, because SIGSTKSZ is no constant any more; given back when the thread ends.
class SignalStack {
public:
    SignalStack() {
        stack_t before = {};
        if (sigaltstack(nullptr, &before) == 0 && (before.ss_flags & SS_DISABLE) == 0) return;  // e.g. the sanitizer's
        void* mapping = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapping == MAP_FAILED) return;
        mapping_ = mapping;
        stack_t stack = {};
        stack.ss_sp = mapping_;
        stack.ss_size = stack_bytes;
        sigaltstack(&stack, nullptr);
    }
    ~SignalStack() {
        if (mapping_ == nullptr) return;
        stack_t none = {};
        none.ss_flags = SS_DISABLE;
        sigaltstack(&none, nullptr);
        munmap(mapping_, stack_bytes);
    }
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

private:
    static constexpr std::size_t stack_bytes = std::size_t{64} << 10;
    void* mapping_ = nullptr;
};

}  // namespace

void install_signal_handlers() {
    static std::once_flag once;
    std::call_once(once, [] {
        for (std::size_t i = 0; i < signals.size(); ++i) {
            struct sigaction action = {};
            action.sa_sigaction = &on_signal;
            action.sa_flags = SA_SIGINFO | SA_ONSTACK;
            sigemptyset(&action.sa_mask);
            sigaction(signals[i], &action, &previous_actions[i]);
        }
    });
}

void prepare_thread_for_signals() { static thread_local const SignalStack stack; }

}  // namespace passbench::emulation
