// Scanning in one pass: a tile tells its own sum as soon as it knows it, and the sum up to its end when it knows all before; a tile
// looks back at those before it until one has told its sum to the end. What a tile has told is one word, a sum of at most 62 bits
// and two bits that say which, so nothing has to be ordered beside it. Zero is nothing yet.
#pragma once

#include "kernels/cuda/intrinsics.cuh"
#include "kernels/cuda/warp.cuh"

namespace passbench::device {

using Sum = unsigned long long;

inline constexpr Sum sum_bits = (Sum{1} << 62U) - 1;
inline constexpr Sum own_sum = Sum{1} << 62U;
inline constexpr Sum sum_to_end = Sum{2} << 62U;

/// The sum of all tiles before `tile`, whose own is `own`: by one warp, which looks at 32 tiles at a time. Waits for tiles that have
/// told nothing, so all before this one must have begun.
__device__ inline Sum sum_of_tiles_before(Sum* states, unsigned tile, Sum own) {
    if (lane() == 0) store_relaxed(&states[tile], (tile == 0 ? sum_to_end : own_sum) | own);
    Sum before = 0;
    for (unsigned nearest = tile; nearest > 0;) {
        // Lane 0 looks at the nearest; lanes in front of the first tile see a sum of nothing to there.
        Sum state = sum_to_end;
        do {
            if (lane() < nearest) state = load_relaxed(&states[nearest - 1 - lane()]);
        } while (__any_sync(all_lanes, state == 0) != 0);
        const unsigned ends = __ballot_sync(all_lanes, (state & sum_to_end) != 0);
        const bool counts = ends == 0 || lane() < static_cast<unsigned>(__ffs(static_cast<int>(ends)));
        before += warp_sum(counts ? state & sum_bits : Sum{0});
        nearest = ends != 0 ? 0 : nearest - lanes_a_warp;
    }
    if (lane() == 0 && tile > 0) store_relaxed(&states[tile], sum_to_end | (before + own));
    return before;
}

}  // namespace passbench::device
