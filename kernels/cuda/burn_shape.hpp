// What the two sides of the burn kernels agree on: the products that a block makes again and again.
#pragma once

namespace passbench {

inline constexpr unsigned burn_threads = 256;  // a block

/// f32: a tile of 128 x 128 results, each the sum of 16 products, 8 x 8 of them a thread.
inline constexpr unsigned burn_tile = 128;
inline constexpr unsigned burn_depth = 16;
inline constexpr unsigned burn_f32_results = burn_tile * burn_tile;
inline constexpr unsigned burn_f32_left = burn_tile * burn_depth;  // of a block
inline constexpr unsigned burn_right = burn_tile * burn_depth;     // of all blocks

/// f16: each of 8 warps multiplies a matrix of its own with each of four that all have, 16 x 16 x 16, summed in f32.
inline constexpr unsigned burn_warps = 8;
inline constexpr unsigned burn_matrices = 4;
inline constexpr unsigned burn_matrix = 16 * 16;
inline constexpr unsigned burn_f16_results = burn_warps * burn_matrices * burn_matrix;
inline constexpr unsigned burn_f16_left = burn_warps * burn_matrix;
inline constexpr unsigned burn_f16_right = burn_matrices * burn_matrix;

/// Operands are whole: left ones from -3 to 3, right ones -1 or 1. A round adds at most 48 to a result, so that all sums stay
/// below 2^22: exact in f32 in whatever order, and on tensor cores, which cut sums off below 24 bits.
inline constexpr unsigned burn_most_rounds = 87'000;

}  // namespace passbench
