// stream: copy, scale, add, triad, dot over doubles. A thread handles two neighbours, so that a warp asks for whole lines with
// few instructions; the last element of an odd size goes to the thread after the last pair.
#include "kernels/cuda/kernel.cuh"

namespace {

template <typename Operation>
__device__ void each_element(std::size_t count, double* out, Operation operation) {
    const std::size_t pair = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const std::size_t first = 2 * pair;
    if (first + 1 < count) {
        // Both results first: their loads then go out together.
        const double left = operation(first);
        const double right = operation(first + 1);
        reinterpret_cast<double2*>(out)[pair] = double2{left, right};
    } else if (first < count) {
        out[first] = operation(first);
    }
}

/// The sum of a block's values, known to its first thread. For blocks of at most 1024 threads, whole warps.
__device__ double block_sum(double value) {
    constexpr unsigned all_lanes = 0xffffffffU;
    constexpr unsigned lanes = 32;
    __shared__ double of_warps[lanes];
    for (unsigned distance = lanes / 2; distance > 0; distance /= 2) {
        value += __shfl_down_sync(all_lanes, value, distance);
    }
    if (threadIdx.x % lanes == 0) of_warps[threadIdx.x / lanes] = value;
    __syncthreads();
    if (threadIdx.x >= lanes) return 0;
    value = threadIdx.x < blockDim.x / lanes ? of_warps[threadIdx.x] : 0;
    for (unsigned distance = lanes / 2; distance > 0; distance /= 2) {
        value += __shfl_down_sync(all_lanes, value, distance);
    }
    return value;
}

}  // namespace

PASSBENCH_KERNEL(stream_copy, (const double* x, double* out, std::size_t count)) {
    each_element(count, out, [=](std::size_t i) { return x[i]; });
}

PASSBENCH_KERNEL(stream_scale, (const double* x, double* out, double factor, std::size_t count)) {
    each_element(count, out, [=](std::size_t i) { return factor * x[i]; });
}

PASSBENCH_KERNEL(stream_add, (const double* x, const double* y, double* out, std::size_t count)) {
    each_element(count, out, [=](std::size_t i) { return x[i] + y[i]; });
}

PASSBENCH_KERNEL(stream_triad, (const double* x, const double* y, double* out, double factor, std::size_t count)) {
    each_element(count, out, [=](std::size_t i) { return x[i] + factor * y[i]; });
}

/// One sum a block; stream_dot_total adds them up.
PASSBENCH_KERNEL(stream_dot, (const double* x, const double* y, double* of_blocks, std::size_t count)) {
    const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    double sum = 0;
    for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride) {
        sum += x[i] * y[i];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) of_blocks[blockIdx.x] = sum;
}

/// For one block.
PASSBENCH_KERNEL(stream_dot_total, (const double* of_blocks, double* out, unsigned blocks)) {
    double sum = 0;
    for (unsigned i = threadIdx.x; i < blocks; i += blockDim.x) sum += of_blocks[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) *out = sum;
}
