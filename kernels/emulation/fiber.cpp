#include "kernels/emulation/fiber.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(PASSBENCH_TSAN)  // see sanitizers.hpp
#include <sanitizer/tsan_interface.h>
#endif

namespace passbench::emulation {

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t fiber_stack_bytes = std::size_t{64} << 10;

#if defined(__SANITIZE_ADDRESS__)
/// Where a switch that was announced goes to; null when none is under way.
__thread const ExecutionContext* arriving_at = nullptr;
#endif

void announce([[maybe_unused]] void** keep_fake_stack, [[maybe_unused]] const ExecutionContext& to) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(keep_fake_stack, to.stack_low, to.stack_bytes);
    arriving_at = &to;
#endif
#if defined(PASSBENCH_TSAN)
    __tsan_switch_to_fiber(to.tsan_fiber, __tsan_switch_to_fiber_no_sync);
#endif
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
/// Called by fiber_switch.S, first thing on the stack that execution has come to.
extern "C" __attribute__((visibility("hidden"))) void passbench_arrive_on_stack();
void passbench_arrive_on_stack() {
    if (arriving_at == nullptr) return;  // the stack was not left
    __sanitizer_finish_switch_fiber(arriving_at->fake_stack, nullptr, nullptr);
    arriving_at = nullptr;
}
#endif

/// Where Fiber::restart lets a stack begin; in fiber_switch.S.
extern "C" __attribute__((visibility("hidden"))) void passbench_begin_fiber();

#if defined(__SANITIZE_ADDRESS__) || defined(PASSBENCH_TSAN)
void announce_switch(ExecutionContext& from, const ExecutionContext& to) { announce(&from.fake_stack, to); }
#endif
void announce_end(const ExecutionContext& to) { announce(nullptr, to); }

ExecutionContext thread_context() {
    // Asked once: of the process' first thread the C library knows it from /proc/self/maps alone.
    static thread_local const ExecutionContext context = [] {
        ExecutionContext result;
        pthread_attr_t attributes;
        if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
            pthread_attr_getstack(&attributes, &result.stack_low, &result.stack_bytes);
            pthread_attr_destroy(&attributes);
        }
#if defined(PASSBENCH_TSAN)
        result.tsan_fiber = __tsan_get_current_fiber();
#endif
        return result;
    }();
    return context;
}

Fiber::Fiber(Main main, void* owner) : main_(main), owner_(owner), mapping_bytes_(page_bytes + fiber_stack_bytes) {
    void* mapping =
        mmap(nullptr, mapping_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED || mprotect(mapping, page_bytes, PROT_NONE) != 0) {
        std::fputs("simulated CUDA device: this machine gives no memory for the stack of a CUDA thread\n", stderr);
        std::abort();
    }
    mapping_ = static_cast<std::byte*>(mapping);
    static std::atomic<std::size_t> fibers = 0;
    colour_bytes_ = fibers++ % (page_bytes / cache_line_bytes) * cache_line_bytes;
    stack_low = mapping_ + page_bytes;
    stack_bytes = fiber_stack_bytes;
#if defined(PASSBENCH_TSAN)
    tsan_fiber = __tsan_create_fiber(0);
#endif
    restart();
}

Fiber::~Fiber() {
#if defined(PASSBENCH_TSAN)
    __tsan_destroy_fiber(tsan_fiber);
#endif
    abandon_frames();
    munmap(mapping_, mapping_bytes_);
}

void Fiber::abandon_frames() const {
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(stack_low, stack_bytes);
#endif
}

void Fiber::restart() {
    abandon_frames();
    fake_stack = nullptr;
    // As fiber_switch.S leaves a suspended stack.
    struct Frame {
        std::uintptr_t r15, r14, r13, r12, rbx, rbp, resumed_at;
    };
    auto* const frame = reinterpret_cast<Frame*>(stack_high() - colour_bytes_) - 1;
    *frame = {.r15 = 0,
              .r14 = 0,
              .r13 = reinterpret_cast<std::uintptr_t>(&begin),
              .r12 = reinterpret_cast<std::uintptr_t>(this),
              .rbx = 0,
              .rbp = 0,  // what follows the chain of frames ends here
              .resumed_at = reinterpret_cast<std::uintptr_t>(&passbench_begin_fiber)};
    suspended = frame;
}

void Fiber::begin(Fiber* self) {
    self->main_(*self, self->owner_);
    std::abort();
}

bool Fiber::on_stack(const void* address) const {
    const auto* at = static_cast<const std::byte*>(address);
    return at >= mapping_ && at <= stack_high();
}

}  // namespace passbench::emulation
