// What the two sides of the gemm kernels agree on: the tile of C that a block makes, and how A and B are padded in the device's memory
// so that no kernel asks where they end.
#pragma once

#include <cstddef>

namespace passbench {

inline constexpr unsigned gemm_threads_a_block = 256;
/// Rows of A and columns of B begin at multiples of so many bytes; what is between their numbers and the next begin is zeros.
inline constexpr std::size_t gemm_row_grain_bytes = 64;

/// Rows and columns of C that a block makes: large ones reuse more of what they load, small ones keep more multiprocessors busy.
/// There are rows of zeros in A and B up to a multiple of the large tile.
inline constexpr unsigned gemm_large_tile = 128;
inline constexpr unsigned gemm_small_tile = 64;

/// What a kernel multiplies; lengths are in numbers. Rows of A and C, columns of B and C.
struct GemmShape {
    unsigned rows;
    unsigned columns;
    unsigned row_numbers;    // from one row of A, or column of B, to the next, and what is multiplied of them
    unsigned c_row_numbers;  // from one row of C to the next
};

}  // namespace passbench
