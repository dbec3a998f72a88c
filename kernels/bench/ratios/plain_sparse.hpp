// Loops over indices as they are written where nobody thinks of registers, to be compared with ours. In a file of their own, compiled
// with -O3 for AVX2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench {

/// y = A x by rows, for the rows [first, last).
void plain_spmv(const std::uint32_t* row_begin, const std::uint32_t* columns, const float* values, const float* x,
                float* y, std::size_t first, std::size_t last);
void plain_spmv(const std::uint32_t* row_begin, const std::uint32_t* columns, const double* values, const double* x,
                double* y, std::size_t first, std::size_t last);

/// out[i] = table[indices[i]]
void plain_gather(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out, std::size_t count);

}  // namespace passbench
