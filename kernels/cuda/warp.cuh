// Sums that the 32 lanes of a warp make together; all of them take part.
#pragma once

#include "kernels/cuda/kernel.cuh"

namespace passbench::device {

inline constexpr unsigned all_lanes = 0xffffffffU;
inline constexpr unsigned lanes_a_warp = 32;

__device__ inline unsigned lane() { return threadIdx.x % lanes_a_warp; }
__device__ inline unsigned warp() { return threadIdx.x / lanes_a_warp; }

/// The sum of all lanes' values, in every lane.
template <typename T>
__device__ T warp_sum(T value) {
    for (unsigned distance = lanes_a_warp / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(all_lanes, value, static_cast<int>(distance));
    }
    return value;
}

/// The sum of the values of this lane and all below.
template <typename T>
__device__ T warp_prefix(T value) {
    for (unsigned distance = 1; distance < lanes_a_warp; distance *= 2) {
        const T below = __shfl_up_sync(all_lanes, value, distance);
        if (lane() >= distance) value += below;
    }
    return value;
}

/// The sum of the values of all threads of the block before this one; for blocks of `warps` whole warps, at most 32. Not to be
/// called again before a barrier of the block.
template <unsigned warps, typename T>
__device__ T sum_before(T value) {
    __shared__ T of_warps[warps];
    const T upto = warp_prefix(value);
    if (lane() == lanes_a_warp - 1) of_warps[warp()] = upto;
    __syncthreads();
    T before = upto - value;
    for (unsigned i = 0; i < warp(); ++i) before += of_warps[i];
    return before;
}

}  // namespace passbench::device
