// spmv and gather: elements of a vector or a table that indices name.
#include "kernels/cuda/kernel.cuh"

namespace {

/// As many neighbouring threads as `lanes`, a power of two up to 32, share a row.
template <typename T>
__device__ void multiply_rows(const unsigned* row_begin, const unsigned* columns, const T* values, const T* x, T* y,
                              unsigned rows, unsigned lanes) {
    constexpr unsigned all_lanes = 0xffffffffU;
    const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned row = thread / lanes;
    const unsigned lane = thread % lanes;
    T sum = 0;
    if (row < rows) {
        const unsigned end = row_begin[row + 1];
        for (unsigned i = row_begin[row] + lane; i < end; i += lanes) sum += values[i] * __ldg(x + columns[i]);
    }
    for (unsigned distance = lanes / 2; distance > 0; distance /= 2) {
        sum += __shfl_down_sync(all_lanes, sum, distance, static_cast<int>(lanes));
    }
    if (row < rows && lane == 0) y[row] = sum;
}

}  // namespace

PASSBENCH_KERNEL(spmv_f32, (const unsigned* row_begin, const unsigned* columns, const float* values, const float* x,
                            float* y, unsigned rows, unsigned lanes)) {
    multiply_rows(row_begin, columns, values, x, y, rows, lanes);
}

PASSBENCH_KERNEL(spmv_f64, (const unsigned* row_begin, const unsigned* columns, const double* values, const double* x,
                            double* y, unsigned rows, unsigned lanes)) {
    multiply_rows(row_begin, columns, values, x, y, rows, lanes);
}

/// A thread does two neighbours, so that their results are one store.
PASSBENCH_KERNEL(gather_words, (const unsigned long long* table, const unsigned* indices, unsigned long long* out,
                                std::size_t count)) {
    const std::size_t i = 2 * (static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x);
    if (i + 1 < count) {
        const uint2 pair = *reinterpret_cast<const uint2*>(indices + i);
        const unsigned long long left = __ldg(table + pair.x);
        const unsigned long long right = __ldg(table + pair.y);
        *reinterpret_cast<ulonglong2*>(out + i) = ulonglong2{left, right};
    } else if (i < count) {
        out[i] = table[indices[i]];
    }
}
