// What CUDA has no portable words for, each with two bodies: PTX for nvcc, the shim's function for g++. All PTX stands here.
#pragma once

#include <cstdint>

#include "kernels/cuda/kernel.cuh"

#if !defined(__CUDACC__)
#include <atomic>
#include <thread>
#endif

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

/// Loads that no cache of the device may answer: memory of the host is fetched over the link each time (PTX ISA, ld.cv).
__device__ inline std::uint64_t load_anew(const std::uint64_t* from) {
#if defined(__CUDACC__)
    std::uint64_t value = 0;
    asm volatile("ld.global.cv.u64 %0, [%1];" : "=l"(value) : "l"(from) : "memory");
    return value;
#else
    return *from;
#endif
}
__device__ inline unsigned char load_anew(const unsigned char* from) {
#if defined(__CUDACC__)
    unsigned value = 0;
    asm volatile("ld.global.cv.u8 %0, [%1];" : "=r"(value) : "l"(from) : "memory");
    return static_cast<unsigned char>(value);
#else
    return *from;
#endif
}
__device__ inline uint4 load_anew(const uint4* from) {
#if defined(__CUDACC__)
    uint4 value;
    asm volatile("ld.global.cv.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w)
                 : "l"(from)
                 : "memory");
    return value;
#else
    return *from;
#endif
}
__device__ inline double2 load_anew(const double2* from) {
#if defined(__CUDACC__)
    double2 value;
    asm volatile("ld.global.cv.v2.f64 {%0, %1}, [%2];" : "=d"(value.x), "=d"(value.y) : "l"(from) : "memory");
    return value;
#else
    return *from;
#endif
}

/// What another thread of the grid wrote by store_relaxed, sooner or later; orders nothing else. To be called in a loop.
__device__ inline unsigned long long load_relaxed(const unsigned long long* from) {
#if defined(__CUDACC__)
    unsigned long long value = 0;
    asm volatile("ld.relaxed.gpu.u64 %0, [%1];" : "=l"(value) : "l"(from) : "memory");
    return value;
#else
    const unsigned long long value =
        std::atomic_ref(*const_cast<unsigned long long*>(from)).load(std::memory_order_relaxed);
    if (value == 0) std::this_thread::yield();  // the machine's thread that it waits for may need this one's CPU
    return value;
#endif
}

__device__ inline void store_relaxed(unsigned long long* to, unsigned long long value) {
#if defined(__CUDACC__)
    asm volatile("st.relaxed.gpu.u64 [%0], %1;" : : "l"(to), "l"(value) : "memory");
#else
    std::atomic_ref(*to).store(value, std::memory_order_relaxed);
#endif
}

}  // namespace passbench::device
