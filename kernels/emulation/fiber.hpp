// Fibers: stacks with a guard page and a switch between them, announced to the address and thread sanitizers, which
// otherwise take a changed stack pointer for an overflow or a race. No scheduling here; block_runner.hpp does that.
#pragma once

#include <cstddef>

namespace passbench::emulation {

/// A place where execution can be suspended: a fiber, or the stack of the thread that switched to the first one.
struct ExecutionContext {
    void* suspended = nullptr;  // Boost's fcontext_t
    void* stack_low = nullptr;
    std::size_t stack_bytes = 0;
    void* fake_stack = nullptr;  // the address sanitizer's
    void* tsan_fiber = nullptr;  // the thread sanitizer's
};

/// The calling thread's own stack.
[[nodiscard]] ExecutionContext thread_context();

/// Suspends `from`, which is running, and resumes `to`; returns when something switches back to `from`.
void switch_context(ExecutionContext& from, ExecutionContext& to);
/// As switch_context, but nothing will ever resume `from`.
[[noreturn]] void leave_context(ExecutionContext& from, ExecutionContext& to);

class Fiber : public ExecutionContext {
public:
    using Main = void (*)(Fiber& self, void* owner);

    /// `main` never returns. Aborts where the machine gives no memory for a stack.
    Fiber(Main main, void* owner);
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Forgets what the fiber was doing; it begins with its main again.
    void restart();
    /// Where execution may be sent by force: the upper end of the stack.
    [[nodiscard]] std::byte* stack_high() const { return mapping_ + mapping_bytes_; }
    [[nodiscard]] bool on_stack(const void* address) const;  // or on its guard page
    [[noreturn]] void run_main() { main_(*this, owner_), __builtin_unreachable(); }

private:
    Main main_;
    void* owner_;
    std::byte* mapping_ = nullptr;
    std::size_t mapping_bytes_ = 0;
    std::size_t colour_bytes_ =
        0;  // above the first frame: stacks that all begin at one offset share few lines of the cache
};

}  // namespace passbench::emulation
