// What the two sides of the fft kernels agree on.
#pragma once

namespace passbench {

// A thread holds eight points, a block 4096: one transform of 4096 points or several of fewer.
inline constexpr unsigned fft_points_a_thread = 8;
inline constexpr unsigned fft_threads = 512;
inline constexpr unsigned fft_block_points = fft_threads * fft_points_a_thread;

// Of a matrix that is transposed; a block of as many threads takes one tile.
inline constexpr unsigned fft_tile = 16;
inline constexpr unsigned fft_tile_threads = fft_tile * fft_tile;

}  // namespace passbench
