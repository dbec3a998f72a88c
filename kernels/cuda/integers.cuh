// Going through an array of 32-bit integers, aligned to 16 bytes, four of them a load.
#pragma once

#include "kernels/cuda/kernel.cuh"

namespace passbench::device {

/// visit(integer) for each of [begin, end), of which begin is a multiple of four, by threads that step over `stride` of themselves;
/// `thread` is this one's number. Four loads go out together, so that few warps fill the path to memory.
template <typename Visit>
__device__ void each_integer(const std::uint32_t* x, std::size_t begin, std::size_t end, std::size_t thread,
                             std::size_t stride, const Visit& visit) {
    const auto* const quads = reinterpret_cast<const uint4*>(x);
    const std::size_t last_quad = end / 4;
    const auto visit_all = [&visit](uint4 quad) {
        visit(quad.x);
        visit(quad.y);
        visit(quad.z);
        visit(quad.w);
    };
    std::size_t i = begin / 4 + thread;
    for (; i + 3 * stride < last_quad; i += 4 * stride) {
        const uint4 first = quads[i];
        const uint4 second = quads[i + stride];
        const uint4 third = quads[i + 2 * stride];
        const uint4 fourth = quads[i + 3 * stride];
        visit_all(first);
        visit_all(second);
        visit_all(third);
        visit_all(fourth);
    }
    for (; i < last_quad; i += stride) visit_all(quads[i]);
    const std::size_t beyond = last_quad * 4 + thread;  // of an end that is no multiple of four
    if (beyond < end) visit(x[beyond]);
}

// A count for each lane of a warp: lanes never add to the same place of shared memory, nor to the same bank of it, whatever the
// digits are. 32 KiB.
inline constexpr unsigned digits = 256;
inline constexpr unsigned digit_bits = 8;
inline constexpr unsigned count_copies = 32;

/// How many of the integers [begin, end) have each value of the eight bits at `shift`: in thread `digit` of a block of at least 256
/// threads, where they stand. All threads of the block take part; begin is a multiple of four.
__device__ inline unsigned count_digits(const std::uint32_t* x, std::size_t begin, std::size_t end, unsigned shift,
                                        std::size_t thread, std::size_t stride) {
    __shared__ unsigned counts[digits * count_copies];
    for (unsigned i = threadIdx.x; i < digits * count_copies; i += blockDim.x) counts[i] = 0;
    __syncthreads();
    unsigned* const of_lane = counts + threadIdx.x % count_copies;
    each_integer(x, begin, end, thread, stride,
                 [=](std::uint32_t integer) { atomicAdd(of_lane + (integer >> shift) % digits * count_copies, 1U); });
    __syncthreads();
    unsigned count = 0;
    if (threadIdx.x < digits) {
        // Each thread begins with another copy, and so at another bank.
        for (unsigned i = 0; i < count_copies; ++i) {
            count += counts[threadIdx.x * count_copies + (threadIdx.x + i) % count_copies];
        }
    }
    return count;
}

}  // namespace passbench::device
