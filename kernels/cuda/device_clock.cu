// The device's side of comparing clocks. One thread each, and an end to all patience: under a host's watchdog a kernel must not
// wait for long.
#include "kernels/cuda/device_clock_shape.hpp"
#include "kernels/cuda/intrinsics.cuh"

/// Answers each of the host's questions with the time at which it saw it.
PASSBENCH_KERNEL(clock_exchange, (passbench::ClockMail * mail, unsigned long long patience_ns)) {
    using namespace passbench::device;
    const std::uint64_t until_ns = global_timer_ns() + patience_ns;
    for (unsigned round = 0; round < passbench::clock_rounds; ++round) {
        if (!wait_for_host(&mail->request, round + 1, until_ns)) return;
        tell_host(&mail->answers[round], global_timer_ns());
    }
}

/// Reads both timers for so long; begins and ends with a step of the global timer, so that its tick does not count. Where that timer
/// does not move it ends after so many cycles.
PASSBENCH_KERNEL(clock_span,
                 (passbench::TimerSpan * span, unsigned long long wanted_ns, unsigned long long most_cycles)) {
    using namespace passbench::device;
    const std::uint64_t begin_cycles = cycles();
    std::uint64_t last_ns = global_timer_ns();
    std::uint64_t first_ns = 0;
    std::uint64_t first_cycles = 0;
    std::uint64_t smallest_step_ns = ~std::uint64_t{0};
    std::uint64_t last_cycles = begin_cycles;
    while ((first_ns == 0 || last_ns - first_ns < wanted_ns) && last_cycles - begin_cycles < most_cycles) {
        const std::uint64_t now_ns = global_timer_ns();
        last_cycles = cycles();
        if (now_ns == last_ns) continue;
        if (first_ns == 0) {
            first_ns = now_ns;
            first_cycles = last_cycles;
        } else if (now_ns - last_ns < smallest_step_ns) {
            smallest_step_ns = now_ns - last_ns;
        }
        last_ns = now_ns;
    }
    if (first_ns == 0) {
        *span = {};
        return;
    }
    span->smallest_step_ns = smallest_step_ns;
    span->ns = last_ns - first_ns;
    span->cycles = last_cycles - first_cycles;
}
