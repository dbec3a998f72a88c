// reduce, scan and histogram: sums, prefix sums and counts of 32-bit integers.
#include "kernels/cuda/integers.cuh"
#include "kernels/cuda/integers_shape.hpp"
#include "kernels/cuda/look_back.cuh"
#include "kernels/cuda/warp.cuh"

namespace {

using passbench::device::all_lanes;
using passbench::device::lane;
using passbench::device::lanes_a_warp;
using passbench::device::Sum;
using passbench::device::warp;

/// The sum of the block's values, known to its first warp.
__device__ Sum block_sum(Sum value) {
    __shared__ Sum of_warps[lanes_a_warp];
    value = passbench::device::warp_sum(value);
    if (lane() == 0) of_warps[warp()] = value;
    __syncthreads();
    if (warp() > 0) return 0;
    return passbench::device::warp_sum(lane() < blockDim.x / lanes_a_warp ? of_warps[lane()] : 0);
}

}  // namespace

/// One sum a block; reduce_total adds them up.
PASSBENCH_KERNEL(reduce_blocks, (const std::uint32_t* x, Sum* of_blocks, std::size_t count)) {
    Sum sum = 0;
    const std::size_t thread = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    passbench::device::each_integer(x, 0, count, thread, threads, [&sum](std::uint32_t integer) { sum += integer; });
    sum = block_sum(sum);
    if (threadIdx.x == 0) of_blocks[blockIdx.x] = sum;
}

/// For one block.
PASSBENCH_KERNEL(reduce_total, (const Sum* of_blocks, Sum* out, unsigned blocks)) {
    Sum sum = 0;
    for (unsigned i = threadIdx.x; i < blocks; i += blockDim.x) sum += of_blocks[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) *out = sum;
}

/// Adds to `counts`, which are zero before.
PASSBENCH_KERNEL_BOUNDS(histogram_count, passbench::histogram_threads,
                        (const std::uint32_t* x, unsigned* counts, std::size_t count)) {
    constexpr unsigned highest_byte = 24;
    const std::size_t thread = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    const unsigned of_block = passbench::device::count_digits(x, 0, count, highest_byte, thread, threads);
    if (threadIdx.x < passbench::histogram_bins && of_block > 0) atomicAdd(&counts[threadIdx.x], of_block);
}

// scan in one pass with decoupled look-back (look_back.cuh).
/// `next_tile` and all `states` are zero before.
PASSBENCH_KERNEL_BOUNDS(scan_tiles, passbench::scan_threads,
                        (const std::uint32_t* x, Sum* out, unsigned* next_tile, Sum* states, std::size_t count)) {
    constexpr unsigned rows = passbench::scan_rows;
    constexpr unsigned warps = passbench::scan_threads / lanes_a_warp;
    static_assert(rows * warps == 2 * lanes_a_warp);
    __shared__ unsigned claimed;
    __shared__ Sum before[rows * warps];  // each warp's part of each row, in order
    // In the order in which blocks begin, so that no block waits for one that cannot begin before it ends.
    if (threadIdx.x == 0) claimed = atomicAdd(next_tile, 1U);
    __syncthreads();
    const unsigned tile = claimed;
    const std::size_t first = tile * passbench::scan_tile + 2 * threadIdx.x;

    uint2 pairs[rows];
    for (unsigned row = 0; row < rows; ++row) {
        const std::size_t i = first + std::size_t{2} * passbench::scan_threads * row;
        pairs[row] = uint2{0, 0};
        if (i + 1 < count) {
            pairs[row] = *reinterpret_cast<const uint2*>(x + i);
        } else if (i < count) {
            pairs[row].x = x[i];
        }
    }
    Sum within[rows];  // the warp's sums before this thread's pair
    for (unsigned row = 0; row < rows; ++row) {
        const Sum own = Sum{pairs[row].x} + pairs[row].y;
        const Sum upto = passbench::device::warp_prefix(own);
        if (lane() == lanes_a_warp - 1) before[row * warps + warp()] = upto;
        within[row] = upto - own;
    }
    __syncthreads();
    if (warp() == 0) {
        const Sum left = before[2 * lane()];
        const Sum right = before[2 * lane() + 1];
        const Sum upto = passbench::device::warp_prefix(left + right);
        const Sum of_tile = __shfl_sync(all_lanes, upto, lanes_a_warp - 1);
        const Sum to_left = passbench::device::sum_of_tiles_before(states, tile, of_tile) + upto - right - left;
        before[2 * lane()] = to_left;
        before[2 * lane() + 1] = to_left + left;
    }
    __syncthreads();
    for (unsigned row = 0; row < rows; ++row) {
        const std::size_t i = first + std::size_t{2} * passbench::scan_threads * row;
        const Sum to_first = before[row * warps + warp()] + within[row] + pairs[row].x;
        if (i + 1 < count) {
            *reinterpret_cast<ulonglong2*>(out + i) = ulonglong2{to_first, to_first + pairs[row].y};
        } else if (i < count) {
            out[i] = to_first;
        }
    }
}
