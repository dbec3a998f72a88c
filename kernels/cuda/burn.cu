// burn: the same products of matrices again and again, summed up in registers, for as much heat as arithmetic makes. The first thread
// of each block notes time and cycles, from which the SM's clock follows (R13.2).
#include <mma.h>

#include "kernels/cuda/burn_shape.hpp"
#include "kernels/cuda/kernel.cuh"
#include "kernels/cuda/stopwatch.cuh"

PASSBENCH_KERNEL_BOUNDS(burn_f32, passbench::burn_threads,
                        (const float* left, const float* right, unsigned rounds, float* result,
                         unsigned long long* stamps)) {
    constexpr unsigned tile = passbench::burn_tile;
    constexpr unsigned depth = passbench::burn_depth;
    constexpr unsigned side = 8;  // of a thread's results: rows next to each other, columns in two groups of four
    constexpr unsigned group = 4;
    __shared__ float rows[depth][tile];
    __shared__ float columns[depth][tile];
    left += static_cast<std::size_t>(blockIdx.x) * passbench::burn_f32_left;
    for (unsigned i = threadIdx.x; i < depth * tile; i += blockDim.x) {
        rows[i / tile][i % tile] = left[i];
        columns[i / tile][i % tile] = right[i];
    }
    __syncthreads();
    const passbench::device::Stopwatch watch;
    const unsigned row = threadIdx.x / (tile / side) * side;
    const unsigned column = threadIdx.x % (tile / side) * group;
    float sum[side][side] = {};
    for (unsigned round = 0; round < rounds; ++round) {
        for (unsigned k = 0; k < depth; ++k) {
            float x[side];
            float y[side];
            for (unsigned i = 0; i < side; ++i) x[i] = rows[k][row + i];
            for (unsigned j = 0; j < side; ++j) y[j] = columns[k][column + j % group + j / group * (tile / 2)];
            for (unsigned i = 0; i < side; ++i) {
                for (unsigned j = 0; j < side; ++j) sum[i][j] += x[i] * y[j];
            }
        }
    }
    watch.stop(stamps);
    result += static_cast<std::size_t>(blockIdx.x) * passbench::burn_f32_results;
    for (unsigned i = 0; i < side; ++i) {
        for (unsigned j = 0; j < side; ++j) {
            result[(row + i) * tile + column + j % group + j / group * (tile / 2)] = sum[i][j];
        }
    }
}

PASSBENCH_KERNEL_BOUNDS(burn_f16, passbench::burn_threads,
                        (const __half* left, const __half* right, unsigned rounds, float* result,
                         unsigned long long* stamps)) {
    namespace wmma = nvcuda::wmma;
    constexpr unsigned side = 16;
    constexpr unsigned lanes = 32;
    const std::size_t warp = static_cast<std::size_t>(blockIdx.x) * passbench::burn_warps + threadIdx.x / lanes;
    wmma::fragment<wmma::matrix_a, side, side, side, __half, wmma::row_major> own;
    wmma::fragment<wmma::matrix_b, side, side, side, __half, wmma::row_major> of_all[passbench::burn_matrices];
    wmma::fragment<wmma::accumulator, side, side, side, float> sum[passbench::burn_matrices];
    wmma::load_matrix_sync(own, left + warp * passbench::burn_matrix, side);
    for (unsigned j = 0; j < passbench::burn_matrices; ++j) {
        wmma::load_matrix_sync(of_all[j], right + j * passbench::burn_matrix, side);
        wmma::fill_fragment(sum[j], 0.0F);
    }
    const passbench::device::Stopwatch watch;
    for (unsigned round = 0; round < rounds; ++round) {
        for (unsigned j = 0; j < passbench::burn_matrices; ++j) wmma::mma_sync(sum[j], own, of_all[j], sum[j]);
    }
    watch.stop(stamps);
    for (unsigned j = 0; j < passbench::burn_matrices; ++j) {
        wmma::store_matrix_sync(result + (warp * passbench::burn_matrices + j) * passbench::burn_matrix, sum[j], side,
                                wmma::mem_row_major);
    }
}

/// Counts the results whose bits are not those that they have to be.
PASSBENCH_KERNEL(burn_compare,
                 (const unsigned* result, const unsigned* right, unsigned count, unsigned long long* wrong)) {
    const unsigned stride = gridDim.x * blockDim.x;
    unsigned long long mine = 0;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += stride)
        mine += result[i] != right[i] ? 1 : 0;
    if (mine > 0) atomicAdd(wrong, mine);
}
