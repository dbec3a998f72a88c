// fma: v = odd - v; v = even - v on independent accumulators in registers, as multiply-adds with a multiplier that the compiler
// does not know. The first thread of each block also notes time and cycles, from which the SM's clock follows (R13.2).
#include "kernels/cuda/fma_shape.hpp"
#include "kernels/cuda/kernel.cuh"
#include "kernels/cuda/stopwatch.cuh"

namespace {

__device__ inline float multiply_add(float a, float b, float c) { return fmaf(a, b, c); }
__device__ inline double multiply_add(double a, double b, double c) { return fma(a, b, c); }

template <typename T>
__device__ void recurrence(const T* start, const T* odd, const T* even, T multiplier, long long pairs, T* result,
                           unsigned long long* stamps) {
    using passbench::gpu_fma_accumulators;
    const std::size_t thread = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    T value[gpu_fma_accumulators];
    T first[gpu_fma_accumulators];
    T second[gpu_fma_accumulators];
    for (unsigned i = 0; i < gpu_fma_accumulators; ++i) {
        value[i] = start[i * threads + thread];
        first[i] = odd[i];
        second[i] = even[i];
    }
    const passbench::device::Stopwatch watch;
    for (long long pair = 0; pair < pairs; ++pair) {
        for (unsigned i = 0; i < gpu_fma_accumulators; ++i) value[i] = multiply_add(multiplier, value[i], first[i]);
        for (unsigned i = 0; i < gpu_fma_accumulators; ++i) value[i] = multiply_add(multiplier, value[i], second[i]);
    }
    watch.stop(stamps);
    for (unsigned i = 0; i < gpu_fma_accumulators; ++i) result[i * threads + thread] = value[i];
}

}  // namespace

PASSBENCH_KERNEL(fma_f32, (const float* start, const float* odd, const float* even, float multiplier, long long pairs,
                           float* result, unsigned long long* stamps)) {
    recurrence(start, odd, even, multiplier, pairs, result, stamps);
}

PASSBENCH_KERNEL(fma_f64, (const double* start, const double* odd, const double* even, double multiplier,
                           long long pairs, double* result, unsigned long long* stamps)) {
    recurrence(start, odd, even, multiplier, pairs, result, stamps);
}
