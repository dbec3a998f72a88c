// Time and cycles of a block between two looks of its first thread, from which the SM's clock follows: clock_stamps.hpp reads them.
#pragma once

#include "kernels/cuda/intrinsics.cuh"

namespace passbench::device {

/// Of one block, from here on.
class Stopwatch {
public:
    __device__ Stopwatch() : begin_ns_(global_timer_ns()), begin_cycles_(cycles()) {}
    __device__ void stop(unsigned long long* stamps) const {
        if (threadIdx.x > 0) return;
        stamps[2 * blockIdx.x] = global_timer_ns() - begin_ns_;
        stamps[2 * blockIdx.x + 1] = cycles() - begin_cycles_;
    }

private:
    unsigned long long begin_ns_;
    unsigned long long begin_cycles_;
};

}  // namespace passbench::device
