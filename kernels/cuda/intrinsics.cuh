// What CUDA has no portable words for, each with two bodies: PTX for nvcc, the shim's function for g++. All PTX stands here.
#pragma once

#include <cstdint>

#include "kernels/cuda/kernel.cuh"

namespace passbench::device {

/// The device's clock of nanoseconds, the same on all SMs. Its tick is not one nanosecond: 32 ns to about 1 us by card.
__device__ inline std::uint64_t global_timer_ns() {
#if defined(__CUDACC__)
    std::uint64_t now = 0;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
    return now;
#else
    return passbench::emulation::device_global_timer_ns();
#endif
}

/// The cycle counter of the SM that the thread runs on.
__device__ inline std::uint64_t cycles() {
#if defined(__CUDACC__)
    return static_cast<std::uint64_t>(clock64());
#else
    return passbench::emulation::device_clock();
#endif
}

}  // namespace passbench::device
