// Kernels with the mistakes that the stand-in has to find and name.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(writes_at, (float* out, long long index)) {
    if (blockIdx.x == 1 && threadIdx.x == 2) out[index] = 1.0F;
}

PASSBENCH_KERNEL(reads_at, (const float* x, float* out, long long index)) {
    if (threadIdx.x == 0) out[0] = x[index];
}

PASSBENCH_KERNEL(leaves_before_the_barrier, (int* out)) {
    if (threadIdx.x == 17) return;
    __syncthreads();
    out[threadIdx.x] = 1;
}

PASSBENCH_KERNEL(waits_at_two_barriers, (int* out)) {
    if (threadIdx.x < 10) {
        __syncthreads();
        out[threadIdx.x] = 1;
    } else {
        __syncthreads();
        out[threadIdx.x] = 2;
    }
}

PASSBENCH_KERNEL(disagrees_about_the_mask, ()) {
    if (threadIdx.x == 3) {
        __syncwarp(0x0000000fU);
    } else {
        __syncwarp();
    }
}

PASSBENCH_KERNEL(is_not_in_its_mask, (unsigned* out)) { out[threadIdx.x] = __ballot_sync(0x00ffU, 1); }

PASSBENCH_KERNEL(overflows_shared, (int* out)) {
    PASSBENCH_DYNAMIC_SHARED(int, tile);
    tile[threadIdx.x] = 1;
    if (threadIdx.x == 0) out[0] = tile[0];
}

PASSBENCH_KERNEL(divides, (int* out, int by)) { out[0] = 100 / by; }

PASSBENCH_KERNEL(traps, ()) {
    if (threadIdx.x == 5) __trap();
}

namespace {
__device__ int depth_of(volatile int* levels, int n) {
    volatile int here[256];
    here[n % 256] = n;
    levels[0] = n;
    const int below = n == 0 ? 0 : depth_of(levels, n - 1);
    return below + here[n % 256];  // read after the call, so that the frame has to stay
}
}  // namespace
PASSBENCH_KERNEL(recurses, (int* out, int depth)) { out[1] = depth_of(out, depth); }

// Warps whose lanes end early: what is left of a mask goes on.
PASSBENCH_KERNEL(lanes_end_early, (int* out)) {
    if (threadIdx.x % 32 >= 20) return;
    int value = 1;
    value += __shfl_xor_sync(0xffffffffU, value, 1);
    __syncwarp();
    out[threadIdx.x] = value;
}

// A thread waits for another one of its block without a barrier.
PASSBENCH_KERNEL(waits_for_a_neighbour, (int* flag)) {
    if (threadIdx.x == 0) {
        while (atomicAdd(flag, 0) == 0) __nanosleep(100);
        atomicExch(flag, 2);
    }
    if (threadIdx.x == 1) atomicExch(flag, 1);
}
