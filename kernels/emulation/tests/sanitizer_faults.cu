// Kernels with one fault each that a sanitizer has to report with its line, which is marked; `repaired` takes it away.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(missing_syncthreads, (int* out, int repaired)) {
    __shared__ int tile[128];
    tile[threadIdx.x] = static_cast<int>(threadIdx.x);
    if (repaired != 0) __syncthreads();
    out[threadIdx.x] = tile[(threadIdx.x + 1) % blockDim.x];  // fault: missing_syncthreads
}

// Threads that go on early from the barrier write the next round before the late ones have read this one.
PASSBENCH_KERNEL(missing_second_syncthreads, (int* out, int repaired)) {
    __shared__ int tile[128];
    int sum = 0;
    for (int round = 0; round < 3; ++round) {
        tile[threadIdx.x] = round;
        __syncthreads();
        sum += tile[(threadIdx.x + 1) % blockDim.x];  // fault: missing_second_syncthreads
        if (repaired != 0) __syncthreads();
    }
    out[threadIdx.x] = sum;
}

PASSBENCH_KERNEL(missing_syncwarp, (int* out, int repaired)) {
    __shared__ int tile[128];
    tile[threadIdx.x] = static_cast<int>(threadIdx.x);
    if (repaired != 0) __syncwarp();
    out[threadIdx.x] = tile[threadIdx.x ^ 1U];  // fault: missing_syncwarp
}

PASSBENCH_KERNEL(missing_second_syncwarp, (int* out, int repaired)) {
    __shared__ int tile[128];
    int sum = 0;
    for (int round = 0; round < 3; ++round) {
        tile[threadIdx.x] = round;
        __syncwarp();
        sum += tile[threadIdx.x ^ 1U];  // fault: missing_second_syncwarp
        if (repaired != 0) __syncwarp();
    }
    out[threadIdx.x] = sum;
}

PASSBENCH_KERNEL(two_blocks_one_cell, (int* out, int repaired)) {
    if (repaired != 0) {
        atomicAdd(&out[threadIdx.x], 1);
    } else {
        out[threadIdx.x] += 1;  // fault: two_blocks_one_cell
    }
}

PASSBENCH_KERNEL(out_of_bounds_store, (int* out, int repaired)) {
    const unsigned begin = repaired != 0 ? 0 : 1;
    out[begin + threadIdx.x] = 1;  // fault: out_of_bounds_store
}

// Beyond the slack of the allocation, where the sanitizer knows of none: it meets the page that may not be touched.
PASSBENCH_KERNEL(far_out_of_bounds_store, (int* out, int repaired)) {
    const unsigned begin = repaired != 0 ? 0 : 1024;
    out[begin + threadIdx.x] = 1;  // fault: far_out_of_bounds_store
}
