#include "kernels/emulation/fiber.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <sys/mman.h>

#include <boost/context/detail/fcontext.hpp>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(PASSBENCH_TSAN)  // see sanitizers.hpp
#include <sanitizer/tsan_interface.h>
#endif

namespace passbench::emulation {

namespace {

namespace fcontext = boost::context::detail;

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t fiber_stack_bytes = std::size_t{64} << 10;
constexpr std::size_t cache_line_bytes = 64;

/// Lies on the stack that is left, which nobody touches before the other side has read it.
struct Handover {
    ExecutionContext* from;
    ExecutionContext* to;
};

void announce_switch([[maybe_unused]] void** keep_fake_stack, [[maybe_unused]] const ExecutionContext& to) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(keep_fake_stack, to.stack_low, to.stack_bytes);
#endif
#if defined(PASSBENCH_TSAN)
    __tsan_switch_to_fiber(to.tsan_fiber, __tsan_switch_to_fiber_no_sync);
#endif
}

/// The first thing on the side that execution has come to.
ExecutionContext& arrive(fcontext::transfer_t back) {
    const auto* handover = static_cast<const Handover*>(back.data);
    ExecutionContext& here = *handover->to;
    handover->from->suspended = back.fctx;
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(here.fake_stack, nullptr, nullptr);
#endif
    return here;
}

void fiber_entry(fcontext::transfer_t back) { static_cast<Fiber&>(arrive(back)).run_main(); }

}  // namespace

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

void switch_context(ExecutionContext& from, ExecutionContext& to) {
    Handover handover = {.from = &from, .to = &to};
    announce_switch(&from.fake_stack, to);
    arrive(fcontext::jump_fcontext(to.suspended, &handover));
}

void leave_context(ExecutionContext& from, ExecutionContext& to) {
    Handover handover = {.from = &from, .to = &to};
    announce_switch(nullptr, to);
    fcontext::jump_fcontext(to.suspended, &handover);
    std::abort();
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
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(stack_low, stack_bytes);
#endif
    munmap(mapping_, mapping_bytes_);
}

void Fiber::restart() {
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(stack_low, stack_bytes);  // frames that were left without returning
#endif
    fake_stack = nullptr;
    suspended = fcontext::make_fcontext(stack_high() - colour_bytes_, stack_bytes - colour_bytes_, &fiber_entry);
}

bool Fiber::on_stack(const void* address) const {
    const auto* at = static_cast<const std::byte*>(address);
    return at >= mapping_ && at <= stack_high();
}

}  // namespace passbench::emulation
