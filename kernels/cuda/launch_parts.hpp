// Where the time of a row of launches goes, from five stamps: the first call begins (t0) and returns (t1), the first kernel begins
// (t2), the last one ends (t3), the host knows it (t4). Pure arithmetic; what takes the stamps is launch_stamps.hpp.
#pragma once

#include <cstdint>

#include "kernels/cuda/clock_offset.hpp"

namespace passbench {

/// The host's times are of its own clock, the kernels' of the device's.
struct LaunchStamps {
    std::int64_t call_ns;
    std::int64_t return_ns;
    std::int64_t wake_ns;
    std::int64_t kernel_begin_ns;
    std::int64_t kernels_ns;  // from there to the end of the last kernel
};

/// Their sum is the time from the first call until the host knows, to the nanosecond. A kernel that begins before the call has
/// returned makes submit_to_start negative.
struct LaunchParts {
    std::int64_t enqueue_ns = 0;
    std::int64_t submit_to_start_ns = 0;
    std::int64_t run_ns = 0;
    std::int64_t finish_to_wake_ns = 0;
};

[[nodiscard]] inline LaunchParts launch_parts(const LaunchStamps& stamps, const ClockOffset& before,
                                              const ClockOffset& after) {
    const std::int64_t begin_ns = stamps.kernel_begin_ns - ahead_at(before, after, stamps.kernel_begin_ns);
    return {.enqueue_ns = stamps.return_ns - stamps.call_ns,
            .submit_to_start_ns = begin_ns - stamps.return_ns,
            .run_ns = stamps.kernels_ns,
            .finish_to_wake_ns = stamps.wake_ns - (begin_ns + stamps.kernels_ns)};
}

}  // namespace passbench
