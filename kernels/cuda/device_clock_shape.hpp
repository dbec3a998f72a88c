// What the two sides of the kernels of device_clock.cu agree on: the mapped memory by which they talk.
#pragma once

#include <cstdint>

namespace passbench {

/// Questions of one exchange: enough that one of them meets the device just as it looks.
inline constexpr unsigned clock_rounds = 16;

struct ClockMail {
    alignas(64) std::uint32_t request;                // the host's: number of the round, from 1
    alignas(64) std::uint64_t answers[clock_rounds];  // the device's: its time when it saw the request of that round
};

/// What one kernel saw of its timers.
struct TimerSpan {
    std::uint64_t smallest_step_ns;  // of the global timer that was not zero
    std::uint64_t ns;
    std::uint64_t cycles;  // of the same time
};

}  // namespace passbench
