// gemm-batched: many small products without a library. A block brings its matrices into shared memory at once, for they lie one behind
// the other, and each thread makes 4 x 4 elements of one of them.
#include "kernels/cuda/gemm_batched_shape.hpp"
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL_BOUNDS(gemm_batched_f32, 256,
                        (const float* a, const float* b, float* c, passbench::BatchedShape shape)) {
    const unsigned n = shape.n;
    constexpr unsigned side = passbench::batched_side_a_thread;
    __shared__ float shared_a[passbench::batched_most_numbers];
    __shared__ float shared_b[passbench::batched_most_numbers];
    const unsigned first = blockIdx.x * shape.matrices_of_block;
    const unsigned matrices_here = min(shape.matrices_of_block, shape.batch - first);
    const std::size_t begin = std::size_t{first} * n * n;
    for (unsigned i = threadIdx.x; i < matrices_here * n * n; i += blockDim.x) {
        shared_a[i] = a[begin + i];
        shared_b[i] = b[begin + i];
    }
    __syncthreads();
    const unsigned threads = shape.threads_of_row * shape.threads_of_row;
    const unsigned matrix = threadIdx.x / threads;
    if (matrix >= matrices_here) return;

    const unsigned row = threadIdx.x % threads / shape.threads_of_row * side;
    const unsigned column = threadIdx.x % threads % shape.threads_of_row * side;
    const float* const of_a = shared_a + matrix * n * n;
    const float* const of_b = shared_b + matrix * n * n;
    // At the edge a thread reads the last row or column again, and keeps nothing of it.
    unsigned rows[side];
    unsigned columns[side];
    PASSBENCH_UNROLL
    for (unsigned i = 0; i < side; ++i) {
        rows[i] = min(row + i, n - 1) * n;
        columns[i] = min(column + i, n - 1);
    }
    float sums[side][side] = {};
    for (unsigned k = 0; k < n; ++k) {
        float right[side];
        PASSBENCH_UNROLL
        for (unsigned j = 0; j < side; ++j) right[j] = of_b[k * n + columns[j]];
        PASSBENCH_UNROLL
        for (unsigned i = 0; i < side; ++i) {
            const float left = of_a[rows[i] + k];
            PASSBENCH_UNROLL
            for (unsigned j = 0; j < side; ++j) sums[i][j] = fmaf(left, right[j], sums[i][j]);
        }
    }
    float* const to = c + begin + std::size_t{matrix} * n * n;
    PASSBENCH_UNROLL
    for (unsigned i = 0; i < side; ++i) {
        PASSBENCH_UNROLL
        for (unsigned j = 0; j < side; ++j) {
            if (row + i < n && column + j < n) to[(row + i) * n + column + j] = sums[i][j];
        }
    }
}
