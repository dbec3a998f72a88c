// sort: 32-bit keys by eight bits at a time from the lowest on. Each block owns neighbouring tiles; a pass is three kernels: the
// digits of each block are counted, added up over the blocks, and the keys moved.
#include "kernels/cuda/integers.cuh"
#include "kernels/cuda/integers_shape.hpp"
#include "kernels/cuda/kernel.cuh"
#include "kernels/cuda/warp.cuh"

namespace {

using passbench::sort_digits;
using passbench::sort_keys_a_thread;
using passbench::sort_threads;
using passbench::sort_tile;
using passbench::device::all_lanes;
using passbench::device::lane;
using passbench::device::lanes_a_warp;
using passbench::device::warp;

constexpr unsigned warps = sort_threads / lanes_a_warp;
static_assert(sort_digits == sort_threads);  // a thread for each digit

/// The keys of a block.
struct Part {
    std::size_t begin;
    std::size_t end;
};
__device__ Part part_of_block(std::size_t count, unsigned tiles_a_block) {
    const std::size_t begin = blockIdx.x * sort_tile * tiles_a_block;
    const std::size_t end = begin + sort_tile * tiles_a_block;
    return {begin, end < count ? end : count};
}

}  // namespace

/// counts[digit * blocks + block], of the eight bits at `shift`.
PASSBENCH_KERNEL_BOUNDS(sort_count, passbench::sort_threads,
                        (const std::uint32_t* keys, unsigned* counts, std::size_t count, unsigned shift,
                         unsigned tiles_a_block)) {
    const Part part = part_of_block(count, tiles_a_block);
    const unsigned of_digit =
        passbench::device::count_digits(keys, part.begin, part.end, shift, threadIdx.x, blockDim.x);
    counts[threadIdx.x * gridDim.x + blockIdx.x] = of_digit;
}

/// A warp for each digit: its counts become the sums of those of the blocks before, and `totals` that of all.
PASSBENCH_KERNEL_BOUNDS(sort_sum, passbench::sort_threads, (unsigned* counts, unsigned* totals, unsigned blocks)) {
    const unsigned digit = blockIdx.x * warps + warp();
    unsigned* const of_digit = counts + static_cast<std::size_t>(digit) * blocks;
    unsigned before = 0;
    for (unsigned first = 0; first < blocks; first += lanes_a_warp) {
        const unsigned i = first + lane();
        const unsigned own = i < blocks ? of_digit[i] : 0;
        const unsigned upto = before + passbench::device::warp_prefix(own);
        if (i < blocks) of_digit[i] = upto - own;
        before = __shfl_sync(all_lanes, upto, lanes_a_warp - 1);
    }
    if (lane() == 0) totals[digit] = before;
}

/// Moves the keys of each block to their places, those of one digit in the order in which they came.
PASSBENCH_KERNEL_BOUNDS(sort_move, passbench::sort_threads,
                        (const std::uint32_t* keys, std::uint32_t* out, const unsigned* counts, const unsigned* totals,
                         std::size_t count, unsigned shift, unsigned tiles_a_block)) {
    __shared__ std::uint32_t sorted[sort_tile];
    __shared__ unsigned of_warps[warps][sort_digits];
    __shared__ unsigned begin_in_tile[sort_digits];
    __shared__ unsigned begin_in_out[sort_digits];
    const unsigned digit_of_thread = threadIdx.x;
    begin_in_out[digit_of_thread] = passbench::device::sum_before<warps>(totals[digit_of_thread]) +
                                    counts[digit_of_thread * gridDim.x + blockIdx.x];

    const Part part = part_of_block(count, tiles_a_block);
    for (std::size_t tile = part.begin; tile < part.end; tile += sort_tile) {
        for (auto& of_warp : of_warps) of_warp[digit_of_thread] = 0;
        __syncthreads();
        // A warp's keys are neighbours, 32 a step: so its ranks follow their order.
        std::uint32_t own[sort_keys_a_thread];
        unsigned ranks[sort_keys_a_thread];
        const std::size_t first = tile + warp() * (sort_keys_a_thread * lanes_a_warp) + lane();
        for (unsigned k = 0; k < sort_keys_a_thread; ++k) {
            const std::size_t i = first + k * lanes_a_warp;
            own[k] = i < part.end ? keys[i] : all_lanes;  // behind the end: the largest, so last in the tile
        }
        for (unsigned k = 0; k < sort_keys_a_thread; ++k) {
            unsigned& of_digit = of_warps[warp()][(own[k] >> shift) % sort_digits];
            const unsigned alike = __match_any_sync(all_lanes, (own[k] >> shift) % sort_digits);
            const unsigned before = of_digit;
            __syncwarp();
            const unsigned below = alike & ((1U << lane()) - 1);
            if (below == 0) of_digit = before + __popc(alike);
            __syncwarp();
            ranks[k] = before + __popc(below);
        }
        __syncthreads();
        unsigned in_tile = 0;
        for (auto& of_warp : of_warps) {
            const unsigned of_digit = of_warp[digit_of_thread];
            of_warp[digit_of_thread] = in_tile;
            in_tile += of_digit;
        }
        begin_in_tile[digit_of_thread] = passbench::device::sum_before<warps>(in_tile);
        __syncthreads();
        for (unsigned k = 0; k < sort_keys_a_thread; ++k) {
            const unsigned digit = (own[k] >> shift) % sort_digits;
            sorted[begin_in_tile[digit] + of_warps[warp()][digit] + ranks[k]] = own[k];
        }
        __syncthreads();
        for (unsigned i = threadIdx.x; i < sort_tile && tile + i < part.end; i += sort_threads) {
            const unsigned digit = (sorted[i] >> shift) % sort_digits;
            out[begin_in_out[digit] + (i - begin_in_tile[digit])] = sorted[i];
        }
        __syncthreads();
        begin_in_out[digit_of_thread] += in_tile;
    }
}
