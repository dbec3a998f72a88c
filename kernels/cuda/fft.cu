// fft: transforms of 8 to 4096 points in a row, and transposing squares. Each pass multiplies every point by a root of unity and makes
// butterflies of eight, in registers; between two passes the points change places through shared memory, so that every pass reads at
// the same distance and the last one writes in natural order (Stockham).
#include "kernels/cuda/fft_shape.hpp"
#include "kernels/cuda/kernel.cuh"

namespace {

using passbench::fft_block_points;
using passbench::fft_points_a_thread;
using passbench::fft_threads;
using passbench::fft_tile;
using passbench::fft_tile_threads;

__device__ inline float2 plus(float2 a, float2 b) { return {a.x + b.x, a.y + b.y}; }
__device__ inline float2 minus(float2 a, float2 b) { return {a.x - b.x, a.y - b.y}; }
__device__ inline float2 times(float2 a, float2 b) { return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x}; }
__device__ inline float2 times_minus_i(float2 a) { return {a.y, -a.x}; }

struct Four {
    float2 point[4];
};

__device__ inline Four transform_of_four(float2 a, float2 b, float2 c, float2 d) {
    const float2 even_sum = plus(a, c);
    const float2 even_difference = minus(a, c);
    const float2 odd_sum = plus(b, d);
    const float2 odd_difference = times_minus_i(minus(b, d));
    return {{plus(even_sum, odd_sum), plus(even_difference, odd_difference), minus(even_sum, odd_sum),
             minus(even_difference, odd_difference)}};
}

/// points[k] becomes the k-th of the transform of eight.
__device__ inline void transform_of_eight(float2 (&points)[fft_points_a_thread]) {
    constexpr float half_root = 0.70710678118654752F;
    const Four even = transform_of_four(points[0], points[2], points[4], points[6]);
    const Four odd = transform_of_four(points[1], points[3], points[5], points[7]);
    const float2 first = odd.point[1];
    const float2 third = odd.point[3];
    const float2 turned[4] = {
        odd.point[0],
        {half_root * (first.x + first.y), half_root * (first.y - first.x)},
        times_minus_i(odd.point[2]),
        {half_root * (third.y - third.x), -half_root * (third.x + third.y)},
    };
    for (unsigned k = 0; k < 4; ++k) {
        points[k] = plus(even.point[k], turned[k]);
        points[k + 4] = minus(even.point[k], turned[k]);
    }
}

/// Where a point lies in shared memory: with a gap after every eight, so that the lanes of a warp meet different banks.
__device__ inline unsigned padded(unsigned place) { return place + place / 8; }

/// Points change places within the block: each is written to its place in `to` and read from its place in `from`; both parts of a
/// number go the same way, one after the other, which needs half the memory.
__device__ void exchange(float2 (&points)[fft_points_a_thread], const unsigned (&to)[fft_points_a_thread],
                         unsigned from, unsigned distance) {
    __shared__ float places[fft_block_points + fft_block_points / 8];
    __syncthreads();
    for (unsigned q = 0; q < fft_points_a_thread; ++q) places[padded(to[q])] = points[q].x;
    __syncthreads();
    for (unsigned q = 0; q < fft_points_a_thread; ++q) points[q].x = places[padded(from + q * distance)];
    __syncthreads();
    for (unsigned q = 0; q < fft_points_a_thread; ++q) places[padded(to[q])] = points[q].y;
    __syncthreads();
    for (unsigned q = 0; q < fft_points_a_thread; ++q) points[q].y = places[padded(from + q * distance)];
}

}  // namespace

/// Forward transforms of `rows` rows of 2^doublings points, 8 to 4096; roots[k] = exp(-2 pi i k / 2^doublings).
PASSBENCH_KERNEL_BOUNDS(fft_rows, fft_threads,
                        (const float2* in, float2* out, const float2* roots, unsigned doublings, unsigned rows)) {
    const unsigned points_a_row = 1U << doublings;
    const unsigned threads_a_row = points_a_row / fft_points_a_thread;
    const unsigned rows_a_block = fft_block_points / points_a_row;
    const unsigned thread = threadIdx.x % threads_a_row;
    const unsigned row_of_block = threadIdx.x / threads_a_row;
    const unsigned row = blockIdx.x * rows_a_block + row_of_block;
    const unsigned begin = row_of_block * points_a_row;  // in shared memory
    const std::size_t first = static_cast<std::size_t>(row) * points_a_row + thread;
    const bool has_row = row < rows;  // all threads of a block take part in the exchanges

    float2 points[fft_points_a_thread];
    unsigned to[fft_points_a_thread];
    for (unsigned q = 0; q < fft_points_a_thread; ++q) {
        points[q] = has_row ? in[first + q * threads_a_row] : float2{0, 0};
    }
    // What eight does not divide comes first: butterflies of four or of two, with no roots yet.
    const unsigned rest = doublings % 3;
    unsigned done = 1U << rest;
    if (rest == 2) {
        for (unsigned b = 0; b < 2; ++b) {
            const Four four = transform_of_four(points[b], points[b + 2], points[b + 4], points[b + 6]);
            for (unsigned q = 0; q < 4; ++q) {
                points[b + 2 * q] = four.point[q];
                to[b + 2 * q] = begin + 4 * (thread + b * threads_a_row) + q;
            }
        }
        exchange(points, to, begin + thread, threads_a_row);
    } else if (rest == 1) {
        for (unsigned b = 0; b < 4; ++b) {
            const float2 sum = plus(points[b], points[b + 4]);
            points[b + 4] = minus(points[b], points[b + 4]);
            points[b] = sum;
            for (unsigned q = 0; q < 2; ++q) to[b + 4 * q] = begin + 2 * (thread + b * threads_a_row) + q;
        }
        exchange(points, to, begin + thread, threads_a_row);
    }
    for (; done < points_a_row; done *= fft_points_a_thread) {
        const unsigned place = thread % done;
        const unsigned turn = place * (threads_a_row / done);
        for (unsigned q = 1; q < fft_points_a_thread; ++q) points[q] = times(points[q], __ldg(&roots[q * turn]));
        transform_of_eight(points);
        if (done * fft_points_a_thread == points_a_row) break;
        for (unsigned q = 0; q < fft_points_a_thread; ++q) {
            to[q] = begin + (thread - place) * fft_points_a_thread + place + q * done;
        }
        exchange(points, to, begin + thread, threads_a_row);
    }
    if (!has_row) return;
    for (unsigned q = 0; q < fft_points_a_thread; ++q) out[first + q * threads_a_row] = points[q];
}

/// Squares of `side` x `side` points one after the other, each transposed; a block for each tile of each square.
PASSBENCH_KERNEL_BOUNDS(fft_transpose, fft_tile_threads, (const float2* in, float2* out, unsigned side)) {
    __shared__ float2 tile[fft_tile][fft_tile + 1];
    const unsigned tiles = (side + fft_tile - 1) / fft_tile;
    const unsigned tile_column = blockIdx.x % tiles;
    const unsigned tile_row = blockIdx.x / tiles % tiles;
    const std::size_t square = static_cast<std::size_t>(blockIdx.x / tiles / tiles) * side * side;
    const unsigned x = threadIdx.x % fft_tile;
    const unsigned y = threadIdx.x / fft_tile;
    const unsigned from_row = tile_row * fft_tile + y;
    const unsigned from_column = tile_column * fft_tile + x;
    if (from_row < side && from_column < side) {
        tile[y][x] = in[square + static_cast<std::size_t>(from_row) * side + from_column];
    }
    __syncthreads();
    const unsigned to_row = tile_column * fft_tile + y;
    const unsigned to_column = tile_row * fft_tile + x;
    if (to_row < side && to_column < side) {
        out[square + static_cast<std::size_t>(to_row) * side + to_column] = tile[x][y];
    }
}
