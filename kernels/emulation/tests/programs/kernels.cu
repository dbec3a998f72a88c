// The kernels of the programs in this folder.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(program_add, (const float* a, const float* b, float* c, int n)) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) c[i] = a[i] + b[i];
}

PASSBENCH_KERNEL(program_reduce, (const int* values, unsigned long long n, unsigned long long* total)) {
    PASSBENCH_DYNAMIC_SHARED(unsigned long long, partial);
    unsigned long long sum = 0;
    const unsigned long long stride = static_cast<unsigned long long>(gridDim.x) * blockDim.x;
    for (unsigned long long i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) {
        sum += static_cast<unsigned long long>(values[i]);
    }
    partial[threadIdx.x] = sum;
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    }
    if (threadIdx.x == 0) atomicAdd(total, partial[0]);
}

PASSBENCH_KERNEL(program_increment, (int* values, int by, int n)) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) values[i] += by;
}
