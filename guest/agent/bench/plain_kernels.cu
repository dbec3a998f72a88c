// Kernels as others write them, to be compared with ours or to load the stand-in driver with.
#include "kernels/cuda/kernel.cuh"

/// The triad of BabelStream's CUDA model: an element a thread.
PASSBENCH_KERNEL(babelstream_triad, (double* a, const double* b, const double* c, double scalar)) {
    const std::size_t i = static_cast<std::size_t>(blockDim.x) * blockIdx.x + threadIdx.x;
    a[i] = b[i] + scalar * c[i];
}

/// c = a * b, all n x n and stored by rows, in tiles of 16 x 16 that a block keeps in shared memory; n a multiple of 16.
PASSBENCH_KERNEL(sgemm_16x16, (const float* a, const float* b, float* c, int n)) {
    constexpr int tile = 16;
    __shared__ float tile_a[tile][tile];
    __shared__ float tile_b[tile][tile];
    const int x = static_cast<int>(threadIdx.x);
    const int y = static_cast<int>(threadIdx.y);
    const int column = static_cast<int>(blockIdx.x) * tile + x;
    const int row = static_cast<int>(blockIdx.y) * tile + y;
    float sum = 0;
    for (int first = 0; first < n; first += tile) {
        tile_a[y][x] = a[row * n + first + x];
        tile_b[y][x] = b[(first + y) * n + column];
        __syncthreads();
        for (int k = 0; k < tile; ++k) sum += tile_a[y][k] * tile_b[k][x];
        __syncthreads();
    }
    c[row * n + column] = sum;
}
