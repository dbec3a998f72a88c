// Fibers: stacks with a guard page and a switch between them, announced to the address and thread sanitizers, which
// otherwise take a changed stack pointer for an overflow or a race. No scheduling here; block_runner.hpp does that.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench::emulation {

/// A stack that execution can leave and come back to: a fiber's, or that of the thread that went to the first one.
struct ExecutionContext {
    void* suspended = nullptr;  // what it is resumed by
    void* stack_low = nullptr;
    std::size_t stack_bytes = 0;
    void* fake_stack = nullptr;  // the address sanitizer's
    void* tsan_fiber = nullptr;  // the thread sanitizer's
};

/// The calling thread's own stack.
[[nodiscard]] ExecutionContext thread_context();

/// What is done next: the stack that is resumed, and what the call that suspended it returns.
struct Resumption {
    void* stack;
    std::uint64_t value;
};

// fiber_switch.S
extern "C" {
/// Suspends the running stack and resumes the one that `decide` returns; it gets a, b and what the suspended stack is resumed
/// by, and may say to go on with that. Nothing is left to be done when the call returns, so that a function that ends with it
/// has no frame on the suspended stack: of a block's hundreds each line of memory counts.
std::uint64_t passbench_suspend(std::uint64_t a, const void* b,
                                Resumption (*decide)(std::uint64_t a, const void* b, void* stack));
/// Leaves the running stack for good.
[[noreturn]] void passbench_resume(void* stack, std::uint64_t value);
}

/// Tells the sanitizers that execution goes from one stack to the other; called by who decides it, just before. What follows
/// counts as done by the other side.
#if defined(__SANITIZE_ADDRESS__) || defined(PASSBENCH_TSAN)
void announce_switch(ExecutionContext& from, const ExecutionContext& to);
#else
inline void announce_switch(ExecutionContext& /*from*/, const ExecutionContext& /*to*/) {}
#endif
/// As announce_switch, where nothing will ever resume the stack that is left.
void announce_end(const ExecutionContext& to);

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
    /// What is on the stack counts as gone, though its functions have not returned; may be called in a signal handler.
    void abandon_frames() const;
    /// Has the memory that the fiber needs first when it is resumed brought near: the registers and the frame of most kernels.
    void prefetch() const {
        const auto* const top = static_cast<const std::byte*>(suspended);
        for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(top + line * cache_line_bytes);
    }
    /// Where execution may be sent by force: the upper end of the stack.
    [[nodiscard]] std::byte* stack_high() const { return mapping_ + mapping_bytes_; }
    [[nodiscard]] bool on_stack(const void* address) const;  // or on its guard page

private:
    static constexpr std::size_t cache_line_bytes = 64;

    static void begin(Fiber* self);

    Main main_;
    void* owner_;
    std::byte* mapping_ = nullptr;
    std::size_t mapping_bytes_ = 0;
    std::size_t colour_bytes_ =
        0;  // above the first frame: stacks that all begin at one offset share few lines of the cache
};

}  // namespace passbench::emulation
