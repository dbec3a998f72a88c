// roofline: a chunk of floats is read into registers, all loads at once, and each float goes into a sum by so many multiply-adds.
#include "kernels/cuda/kernel.cuh"
#include "kernels/cuda/roofline_shape.hpp"

namespace {

using passbench::roofline_block_floats;
using passbench::roofline_fours;
using passbench::roofline_threads;

constexpr unsigned floats_a_thread = 4 * roofline_fours;
constexpr unsigned sums_a_thread = 16;  // independent, so that a thread need not wait for its own results
constexpr unsigned lanes = 32;

/// The sum of a block's numbers, known to its first thread.
__device__ unsigned block_sum(unsigned value) {
    constexpr unsigned all_lanes = 0xffffffffU;
    __shared__ unsigned of_warps[roofline_threads / lanes];
    for (unsigned distance = lanes / 2; distance > 0; distance /= 2) {
        value += __shfl_down_sync(all_lanes, value, distance);
    }
    if (threadIdx.x % lanes == 0) of_warps[threadIdx.x / lanes] = value;
    __syncthreads();
    value = 0;
    for (const unsigned of_warp : of_warps) value += of_warp;
    return value;
}

/// The floats of this thread, those beyond the end of the array as zeros.
__device__ void load_chunk(const float* x, std::size_t begin, std::size_t count, float (&values)[floats_a_thread]) {
    if (begin + roofline_block_floats <= count) {
        const auto* const fours = reinterpret_cast<const float4*>(x + begin);
        for (unsigned i = 0; i < roofline_fours; ++i) {
            const float4 four = fours[i * roofline_threads + threadIdx.x];
            values[4 * i] = four.x;
            values[4 * i + 1] = four.y;
            values[4 * i + 2] = four.z;
            values[4 * i + 3] = four.w;
        }
        return;
    }
    for (unsigned i = 0; i < floats_a_thread; ++i) {
        const std::size_t at = begin + i * roofline_threads + threadIdx.x;
        values[i] = at < count ? x[at] : 0.0F;
    }
}

}  // namespace

/// sums[block] is the sum of the floats of chunk block x chunk_step, at most 128 each, once for each multiply-add with the multiplier;
/// `fmas` 0: of the floats themselves. chunk_step 0 is for arithmetic alone: all blocks read one chunk.
PASSBENCH_KERNEL_BOUNDS(roofline, roofline_threads,
                        (const float* x, std::size_t count, unsigned chunk_step, float multiplier, unsigned fmas,
                         unsigned* sums)) {
    float values[floats_a_thread];
    load_chunk(x, static_cast<std::size_t>(blockIdx.x) * chunk_step * roofline_block_floats, count, values);
    float partial[sums_a_thread];
    for (float& sum : partial) sum = 0;
    if (fmas == 0) {
        for (unsigned i = 0; i < floats_a_thread; ++i) partial[i % sums_a_thread] += values[i];
    }
    for (unsigned fma = 0; fma < fmas; ++fma) {
        for (unsigned i = 0; i < floats_a_thread; ++i) {
            partial[i % sums_a_thread] = fmaf(values[i], multiplier, partial[i % sums_a_thread]);
        }
    }
    float total = 0;
    for (const float sum : partial) total += sum;
    const unsigned of_block = block_sum(static_cast<unsigned>(total));
    if (threadIdx.x == 0) sums[blockIdx.x] = of_block;
}
