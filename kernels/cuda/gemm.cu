// gemm: C = A B without a library. A lies row by row, B column by column, C row by row, so that both operands are read along their
// rows. A block makes a tile of C, in f32 by multiply-adds of registers, in the other precisions by tensor cores (WMMA).
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <mma.h>
#include <type_traits>

#include "kernels/cuda/gemm_shape.hpp"
#include "kernels/cuda/kernel.cuh"

// What only tensor cores of capability 8.0 and later have. Where it is left out nobody launches the kernels (gemm.cpp).
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define PASSBENCH_HAS_BF16_AND_TF32 1
#else
#define PASSBENCH_HAS_BF16_AND_TF32 0
#endif

namespace {

using passbench::GemmShape;

/// The tile of a block: tiles go down eight rows of tiles before they go on to the right, so that blocks which run at the same
/// time read the same parts of A and B, which the L2 cache then holds.
struct Tile {
    unsigned row;
    unsigned column;
};
__device__ Tile tile_of_block(unsigned rows, unsigned columns, unsigned tile) {
    constexpr unsigned rows_of_group = 8;
    const unsigned tile_rows = (rows + tile - 1) / tile;
    const unsigned tile_columns = (columns + tile - 1) / tile;
    const unsigned group = blockIdx.x / (rows_of_group * tile_columns);
    const unsigned first_row = group * rows_of_group;
    const unsigned rows_here = min(rows_of_group, tile_rows - first_row);
    const unsigned place = blockIdx.x % (rows_of_group * tile_columns);
    return {(first_row + place % rows_here) * tile, place / rows_here * tile};
}

/// In f32. `depth`: how much of the rows is in shared memory at a time, twice, so that the next part is on its way while this
/// one is multiplied. A thread makes per_thread x per_thread elements, in quads that lie apart so that threads beside each
/// other read neighbouring quads of shared memory.
template <unsigned tile, unsigned depth, unsigned per_thread>
__device__ void multiply_f32(const float* a, const float* b, float* c, const GemmShape& shape) {
    constexpr unsigned quad = 4;
    constexpr unsigned quads_of_row = depth / quad;
    constexpr unsigned groups = per_thread / quad;
    constexpr unsigned group_rows = tile / groups;
    constexpr unsigned threads_of_row = tile / per_thread;
    constexpr unsigned padding = 4;
    static_assert(threads_of_row * threads_of_row == passbench::gemm_threads_a_block);
    static_assert(tile * quads_of_row == passbench::gemm_threads_a_block);
    // Turned: what a thread reads of a row of these are neighbours in C.
    __shared__ __align__(16) float tile_a[2][depth][tile + padding];
    __shared__ __align__(16) float tile_b[2][depth][tile + padding];

    const Tile at = tile_of_block(shape.rows, shape.columns, tile);
    const unsigned loaded_row = threadIdx.x / quads_of_row;
    const unsigned loaded_quad = threadIdx.x % quads_of_row * quad;
    const float* next_a = a + static_cast<std::size_t>(at.row + loaded_row) * shape.row_numbers + loaded_quad;
    const float* next_b = b + static_cast<std::size_t>(at.column + loaded_row) * shape.row_numbers + loaded_quad;
    const unsigned row = threadIdx.x / threads_of_row * quad;
    const unsigned column = threadIdx.x % threads_of_row * quad;

    float4 loaded_a = *reinterpret_cast<const float4*>(next_a);
    float4 loaded_b = *reinterpret_cast<const float4*>(next_b);
    const auto keep = [&](unsigned turn) {
        tile_a[turn][loaded_quad][loaded_row] = loaded_a.x;
        tile_a[turn][loaded_quad + 1][loaded_row] = loaded_a.y;
        tile_a[turn][loaded_quad + 2][loaded_row] = loaded_a.z;
        tile_a[turn][loaded_quad + 3][loaded_row] = loaded_a.w;
        tile_b[turn][loaded_quad][loaded_row] = loaded_b.x;
        tile_b[turn][loaded_quad + 1][loaded_row] = loaded_b.y;
        tile_b[turn][loaded_quad + 2][loaded_row] = loaded_b.z;
        tile_b[turn][loaded_quad + 3][loaded_row] = loaded_b.w;
    };
    keep(0);
    __syncthreads();

    float sums[per_thread][per_thread] = {};
    const unsigned parts = shape.row_numbers / depth;
    for (unsigned part = 0; part < parts; ++part) {
        const unsigned turn = part % 2;
        const bool has_next = part + 1 < parts;
        if (has_next) {
            next_a += depth;
            next_b += depth;
            loaded_a = *reinterpret_cast<const float4*>(next_a);
            loaded_b = *reinterpret_cast<const float4*>(next_b);
        }
        PASSBENCH_UNROLL
        for (unsigned k = 0; k < depth; ++k) {
            float of_a[per_thread];
            float of_b[per_thread];
            PASSBENCH_UNROLL
            for (unsigned group = 0; group < groups; ++group) {
                const float4 quad_a = *reinterpret_cast<const float4*>(&tile_a[turn][k][group * group_rows + row]);
                const float4 quad_b = *reinterpret_cast<const float4*>(&tile_b[turn][k][group * group_rows + column]);
                of_a[group * quad] = quad_a.x;
                of_a[group * quad + 1] = quad_a.y;
                of_a[group * quad + 2] = quad_a.z;
                of_a[group * quad + 3] = quad_a.w;
                of_b[group * quad] = quad_b.x;
                of_b[group * quad + 1] = quad_b.y;
                of_b[group * quad + 2] = quad_b.z;
                of_b[group * quad + 3] = quad_b.w;
            }
            PASSBENCH_UNROLL
            for (unsigned i = 0; i < per_thread; ++i) {
                PASSBENCH_UNROLL
                for (unsigned j = 0; j < per_thread; ++j) sums[i][j] = fmaf(of_a[i], of_b[j], sums[i][j]);
            }
        }
        if (has_next) {
            keep(1 - turn);
            __syncthreads();
        }
    }

    const bool in_quads = shape.c_row_numbers % quad == 0;
    PASSBENCH_UNROLL
    for (unsigned i = 0; i < per_thread; ++i) {
        const unsigned c_row = at.row + i / quad * group_rows + row + i % quad;
        if (c_row >= shape.rows) continue;
        float* const of_row = c + static_cast<std::size_t>(c_row) * shape.c_row_numbers;
        PASSBENCH_UNROLL
        for (unsigned group = 0; group < groups; ++group) {
            const unsigned first = at.column + group * group_rows + column;
            if (in_quads && first + quad <= shape.columns) {
                *reinterpret_cast<float4*>(of_row + first) =
                    float4{sums[i][group * quad], sums[i][group * quad + 1], sums[i][group * quad + 2],
                           sums[i][group * quad + 3]};
                continue;
            }
            PASSBENCH_UNROLL
            for (unsigned j = 0; j < quad; ++j) {
                if (first + j < shape.columns) of_row[first + j] = sums[i][group * quad + j];
            }
        }
    }
}

namespace wmma = nvcuda::wmma;

/// Of a precision: what lies in memory, what tensor cores take it for and give, and how much of a row they take at a time.
struct Halves {
    using Stored = __half;
    using Multiplied = __half;
    using Sum = float;
    static constexpr int depth = 16;
};
struct Bytes {
    using Stored = signed char;
    using Multiplied = signed char;
    using Sum = int;
    static constexpr int depth = 16;
};

#if PASSBENCH_HAS_BF16_AND_TF32
struct Bfloats {
    using Stored = __nv_bfloat16;
    using Multiplied = __nv_bfloat16;
    using Sum = float;
    static constexpr int depth = 16;
};
struct Tf32s {
    using Stored = float;
    using Multiplied = wmma::precision::tf32;
    using Sum = float;
    static constexpr int depth = 8;
};
#endif

/// tf32 has fewer bits than what lies in memory.
template <typename Precision, typename Fragment>
__device__ void round_fragment([[maybe_unused]] Fragment& fragment) {
#if PASSBENCH_HAS_BF16_AND_TF32
    if constexpr (std::is_same_v<Precision, Tf32s>) {
        for (int i = 0; i < fragment.num_elements; ++i) fragment.x[i] = wmma::__float_to_tf32(fragment.x[i]);
    }
#endif
}

/// By tensor cores: 8 warps, each a part of 64 x 32 of the tile of 128 x 128. 64 bytes of each row of A and B are in shared memory
/// at a time, in planes of what the tensor cores take at once; the next 64 are on their way in registers meanwhile.
template <typename Precision>
__device__ void multiply_by_tensor_cores(const void* a, const void* b, typename Precision::Sum* c,
                                         const GemmShape& shape) {
    using Stored = typename Precision::Stored;
    using Sum = typename Precision::Sum;
    constexpr unsigned tile = passbench::gemm_large_tile;
    constexpr unsigned side = 16;  // of a fragment
    constexpr unsigned warp_threads = 32;
    constexpr unsigned warps_of_row = 4;
    constexpr unsigned fragments_down = 4;
    constexpr unsigned fragments_right = 2;
    constexpr unsigned piece_bytes = sizeof(uint4);
    constexpr unsigned pieces_of_row = passbench::gemm_row_grain_bytes / piece_bytes;
    constexpr unsigned pieces = tile * pieces_of_row / passbench::gemm_threads_a_block;  // of A, and of B, a thread
    constexpr unsigned plane_row_bytes = Precision::depth * sizeof(Stored);
    constexpr unsigned planes = passbench::gemm_row_grain_bytes / plane_row_bytes;
    constexpr unsigned pieces_of_plane = plane_row_bytes / piece_bytes;
    // Rows of 32 bytes would all begin in the same banks; rows of 16 need no room between them.
    constexpr unsigned pitch_bytes = plane_row_bytes == piece_bytes ? piece_bytes : plane_row_bytes + piece_bytes;
    constexpr unsigned plane_bytes = tile * pitch_bytes;
    constexpr unsigned operand_bytes = planes * plane_bytes;
    constexpr unsigned staged = side * side;
    constexpr unsigned warps = passbench::gemm_threads_a_block / warp_threads;
    static_assert(warps * staged * sizeof(Sum) <= 2 * operand_bytes);
    __shared__ __align__(128) unsigned char shared[2 * operand_bytes];

    const Tile at = tile_of_block(shape.rows, shape.columns, tile);
    const std::size_t row_bytes = std::size_t{shape.row_numbers} * sizeof(Stored);
    const auto* const rows_of_a = static_cast<const unsigned char*>(a) + at.row * row_bytes;
    const auto* const rows_of_b = static_cast<const unsigned char*>(b) + at.column * row_bytes;
    uint4 loaded_a[pieces];
    uint4 loaded_b[pieces];
    const auto load = [&](std::size_t part) {
        for (unsigned i = 0; i < pieces; ++i) {
            const unsigned piece = i * passbench::gemm_threads_a_block + threadIdx.x;
            const std::size_t from = piece / pieces_of_row * row_bytes + part * passbench::gemm_row_grain_bytes +
                                     piece % pieces_of_row * piece_bytes;
            loaded_a[i] = *reinterpret_cast<const uint4*>(rows_of_a + from);
            loaded_b[i] = *reinterpret_cast<const uint4*>(rows_of_b + from);
        }
    };
    const auto keep = [&] {
        for (unsigned i = 0; i < pieces; ++i) {
            const unsigned piece = i * passbench::gemm_threads_a_block + threadIdx.x;
            const unsigned place = piece % pieces_of_row;
            const unsigned to = place / pieces_of_plane * plane_bytes + piece / pieces_of_row * pitch_bytes +
                                place % pieces_of_plane * piece_bytes;
            *reinterpret_cast<uint4*>(shared + to) = loaded_a[i];
            *reinterpret_cast<uint4*>(shared + operand_bytes + to) = loaded_b[i];
        }
    };

    const unsigned warp = threadIdx.x / warp_threads;
    const unsigned warp_row = warp / warps_of_row * fragments_down * side;
    const unsigned warp_column = warp % warps_of_row * fragments_right * side;
    constexpr int m = side;
    constexpr int depth = Precision::depth;
    constexpr unsigned pitch = pitch_bytes / sizeof(Stored);
    wmma::fragment<wmma::accumulator, m, m, depth, Sum> sums[fragments_down][fragments_right];
    for (auto& of_row : sums) {
        for (auto& sum : of_row) wmma::fill_fragment(sum, Sum{0});
    }

    const std::size_t parts = row_bytes / passbench::gemm_row_grain_bytes;
    load(0);
    for (std::size_t part = 0; part < parts; ++part) {
        keep();
        __syncthreads();
        if (part + 1 < parts) load(part + 1);
        for (unsigned plane = 0; plane < planes; ++plane) {
            wmma::fragment<wmma::matrix_a, m, m, depth, typename Precision::Multiplied, wmma::row_major>
                of_a[fragments_down];
            wmma::fragment<wmma::matrix_b, m, m, depth, typename Precision::Multiplied, wmma::col_major>
                of_b[fragments_right];
            const unsigned char* const plane_a = shared + plane * plane_bytes;
            const unsigned char* const plane_b = plane_a + operand_bytes;
            for (unsigned i = 0; i < fragments_down; ++i) {
                wmma::load_matrix_sync(
                    of_a[i], reinterpret_cast<const Stored*>(plane_a + (warp_row + i * side) * pitch_bytes), pitch);
            }
            for (unsigned j = 0; j < fragments_right; ++j) {
                wmma::load_matrix_sync(
                    of_b[j], reinterpret_cast<const Stored*>(plane_b + (warp_column + j * side) * pitch_bytes), pitch);
            }
            for (auto& fragment : of_a) round_fragment<Precision>(fragment);
            for (auto& fragment : of_b) round_fragment<Precision>(fragment);
            for (unsigned i = 0; i < fragments_down; ++i) {
                for (unsigned j = 0; j < fragments_right; ++j) wmma::mma_sync(sums[i][j], of_a[i], of_b[j], sums[i][j]);
            }
        }
        __syncthreads();
    }

    // By way of shared memory, since which thread holds which element is not said, and the edge of C may cut a fragment.
    Sum* const stage = reinterpret_cast<Sum*>(shared) + warp * staged;
    const unsigned lane = threadIdx.x % warp_threads;
    for (unsigned i = 0; i < fragments_down; ++i) {
        for (unsigned j = 0; j < fragments_right; ++j) {
            wmma::store_matrix_sync(stage, sums[i][j], side, wmma::mem_row_major);
            __syncwarp();
            for (unsigned element = lane; element < staged; element += warp_threads) {
                const unsigned row = at.row + warp_row + i * side + element / side;
                const unsigned column = at.column + warp_column + j * side + element % side;
                if (row < shape.rows && column < shape.columns) {
                    c[static_cast<std::size_t>(row) * shape.c_row_numbers + column] = stage[element];
                }
            }
            __syncwarp();
        }
    }
}

}  // namespace

PASSBENCH_KERNEL_BOUNDS(gemm_f32_large, 256, (const float* a, const float* b, float* c, passbench::GemmShape shape)) {
    multiply_f32<passbench::gemm_large_tile, 8, 8>(a, b, c, shape);
}

PASSBENCH_KERNEL_BOUNDS(gemm_f32_small, 256, (const float* a, const float* b, float* c, passbench::GemmShape shape)) {
    multiply_f32<passbench::gemm_small_tile, 16, 4>(a, b, c, shape);
}

PASSBENCH_KERNEL_BOUNDS(gemm_f16, 256, (const void* a, const void* b, float* c, passbench::GemmShape shape)) {
    multiply_by_tensor_cores<Halves>(a, b, c, shape);
}

PASSBENCH_KERNEL_BOUNDS(gemm_int8, 256, (const void* a, const void* b, int* c, passbench::GemmShape shape)) {
    multiply_by_tensor_cores<Bytes>(a, b, c, shape);
}

PASSBENCH_KERNEL_BOUNDS(gemm_bf16, 256, (const void* a, const void* b, float* c, passbench::GemmShape shape)) {
#if PASSBENCH_HAS_BF16_AND_TF32
    multiply_by_tensor_cores<Bfloats>(a, b, c, shape);
#endif
}

PASSBENCH_KERNEL_BOUNDS(gemm_tf32, 256, (const void* a, const void* b, float* c, passbench::GemmShape shape)) {
#if PASSBENCH_HAS_BF16_AND_TF32
    multiply_by_tensor_cores<Tf32s>(a, b, c, shape);
#endif
}
