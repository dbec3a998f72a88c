#include "kernels/bench/ratios/plain_sparse.hpp"

namespace passbench {

namespace {

template <typename T>
void spmv(const std::uint32_t* row_begin, const std::uint32_t* columns, const T* values, const T* x, T* y,
          std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row) {
        T sum = 0;
        for (std::uint32_t i = row_begin[row]; i < row_begin[row + 1]; ++i) sum += values[i] * x[columns[i]];
        y[row] = sum;
    }
}

}  // namespace

void plain_spmv(const std::uint32_t* row_begin, const std::uint32_t* columns, const float* values, const float* x,
                float* y, std::size_t first, std::size_t last) {
    spmv(row_begin, columns, values, x, y, first, last);
}

void plain_spmv(const std::uint32_t* row_begin, const std::uint32_t* columns, const double* values, const double* x,
                double* y, std::size_t first, std::size_t last) {
    spmv(row_begin, columns, values, x, y, first, last);
}

void plain_gather(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = table[indices[i]];
}

}  // namespace passbench
