// Matrix products by WMMA: the shapes and types of both compilers, each as C = A * B with whole tiles, one of ragged size.
// Types that need compute capability 8.0 have an empty body below it, so that all cards have kernels of the same names.
#include <climits>
#include <mma.h>

#include "kernels/cuda/kernel.cuh"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define PASSBENCH_TESTS_AMPERE 1
#endif

namespace wmma = nvcuda::wmma;

namespace {

template <typename Fragment>
concept Exists = requires {
    sizeof(Fragment);
};

static_assert(Exists<wmma::fragment<wmma::matrix_a, 32, 8, 16, __half, wmma::col_major>>);
static_assert(!Exists<wmma::fragment<wmma::matrix_a, 16, 8, 16, __half, wmma::row_major>>, "no such shape");
static_assert(!Exists<wmma::fragment<wmma::matrix_a, 16, 16, 16, float, wmma::row_major>>, "no such type");
static_assert(!Exists<wmma::fragment<wmma::matrix_a, 16, 16, 16, __half>>, "an operand has a layout");
static_assert(!Exists<wmma::fragment<wmma::accumulator, 16, 16, 16, double>>, "double has another shape");

template <typename T, typename Sum>
concept CanMultiply = requires(wmma::fragment<wmma::matrix_a, 16, 16, 16, T, wmma::row_major> a,
                               wmma::fragment<wmma::matrix_b, 16, 16, 16, T, wmma::row_major> b,
                               wmma::fragment<wmma::accumulator, 16, 16, 16, Sum> c) {
    wmma::mma_sync(c, a, b, c);
};

static_assert(CanMultiply<__half, float> && CanMultiply<__half, __half> && CanMultiply<signed char, int>);
static_assert(!CanMultiply<__half, int> && !CanMultiply<signed char, float>);
#if defined(PASSBENCH_TESTS_AMPERE)
static_assert(CanMultiply<__nv_bfloat16, float> && !CanMultiply<__nv_bfloat16, __half>);
#endif

template <typename T>
struct StorageOf {
    using Type = T;
};
#if defined(PASSBENCH_TESTS_AMPERE)
template <>
struct StorageOf<wmma::precision::tf32> {
    using Type = float;
};
#endif

template <typename Layout>
inline constexpr bool by_rows = false;
template <>
inline constexpr bool by_rows<wmma::row_major> = true;

template <typename T>
struct Matrix {
    T* data;
    unsigned stride;
};

/// Where the tile of an operand begins.
template <typename Layout, typename T>
__device__ const T* tile_of(const Matrix<const T>& matrix, unsigned row, unsigned column) {
    return by_rows<Layout> ? matrix.data + row * matrix.stride + column : matrix.data + column * matrix.stride + row;
}

/// Only A is rounded to tf32: the bits of B that tf32 does not have must not be seen.
template <typename T, typename Fragment>
__device__ void round_operand([[maybe_unused]] Fragment& fragment) {
#if defined(PASSBENCH_TESTS_AMPERE)
    if constexpr (std::is_same_v<T, wmma::precision::tf32>) {
        for (auto& element : fragment.x) element = wmma::__float_to_tf32(element);
    }
#endif
}

/// Each warp makes the tile of C at (blockIdx.x, blockIdx.y) of a grid of tiles; C is row-major with `columns` columns.
template <int m, int n, int k, typename T, typename LayoutA, typename LayoutB, typename Sum,
          typename Storage = typename StorageOf<T>::Type>
__device__ void multiply(Matrix<const Storage> a, Matrix<const Storage> b, Matrix<Sum> c, unsigned depth) {
    wmma::fragment<wmma::matrix_a, m, n, k, T, LayoutA> a_part;
    wmma::fragment<wmma::matrix_b, m, n, k, T, LayoutB> b_part;
    wmma::fragment<wmma::accumulator, m, n, k, Sum> sum;
    wmma::fill_fragment(sum, static_cast<Sum>(0));
    const unsigned row = (blockIdx.y * blockDim.y + threadIdx.y) * m;
    const unsigned column = blockIdx.x * n;
    for (unsigned inner = 0; inner < depth; inner += k) {
        wmma::load_matrix_sync(a_part, tile_of<LayoutA>(a, row, inner), a.stride);
        wmma::load_matrix_sync(b_part, tile_of<LayoutB>(b, inner, column), b.stride);
        round_operand<T>(a_part);
        wmma::mma_sync(sum, a_part, b_part, sum);
    }
    wmma::store_matrix_sync(c.data + row * c.stride + column, sum, c.stride, wmma::mem_row_major);
}

}  // namespace

#define PASSBENCH_MATRICES(Storage, Sum)                                                                  \
    (const Storage* a, unsigned a_stride, const Storage* b, unsigned b_stride, Sum* c, unsigned c_stride, \
     unsigned depth)
#define PASSBENCH_MULTIPLY(m, n, k, T, LayoutA, LayoutB, Storage, Sum) \
    multiply<m, n, k, T, wmma::LayoutA, wmma::LayoutB>(                \
        Matrix<const Storage>{a, a_stride}, Matrix<const Storage>{b, b_stride}, Matrix<Sum>{c, c_stride}, depth)

PASSBENCH_KERNEL(wmma_f16_rows, PASSBENCH_MATRICES(__half, float)) {
    PASSBENCH_MULTIPLY(16, 16, 16, __half, row_major, row_major, __half, float);
}
PASSBENCH_KERNEL(wmma_f16_columns, PASSBENCH_MATRICES(__half, float)) {
    PASSBENCH_MULTIPLY(32, 8, 16, __half, col_major, col_major, __half, float);
}
PASSBENCH_KERNEL(wmma_f16_to_f16, PASSBENCH_MATRICES(__half, __half)) {
    PASSBENCH_MULTIPLY(8, 32, 16, __half, row_major, col_major, __half, __half);
}
PASSBENCH_KERNEL(wmma_s8, PASSBENCH_MATRICES(signed char, int)) {
    PASSBENCH_MULTIPLY(16, 16, 16, signed char, row_major, col_major, signed char, int);
}
PASSBENCH_KERNEL(wmma_u8, PASSBENCH_MATRICES(unsigned char, int)) {
    PASSBENCH_MULTIPLY(8, 32, 16, unsigned char, row_major, col_major, unsigned char, int);
}
PASSBENCH_KERNEL(wmma_bf16, PASSBENCH_MATRICES(__nv_bfloat16, float)) {
#if defined(PASSBENCH_TESTS_AMPERE)
    PASSBENCH_MULTIPLY(32, 8, 16, __nv_bfloat16, col_major, row_major, __nv_bfloat16, float);
#endif
}
PASSBENCH_KERNEL(wmma_tf32, PASSBENCH_MATRICES(float, float)) {
#if defined(PASSBENCH_TESTS_AMPERE)
    PASSBENCH_MULTIPLY(16, 16, 8, wmma::precision::tf32, row_major, col_major, float, float);
#endif
}
PASSBENCH_KERNEL(wmma_f64, PASSBENCH_MATRICES(double, double)) {
#if defined(PASSBENCH_TESTS_AMPERE)
    PASSBENCH_MULTIPLY(8, 8, 4, double, col_major, row_major, double, double);
#endif
}

// out = 2 * A * B - C of one tile, element by element in fragments of two types; C and out are column-major.
PASSBENCH_KERNEL(wmma_combines, (const __half* a, const __half* b, const __half* c, float* out)) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> a_part;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::row_major> b_part;
    wmma::fragment<wmma::accumulator, 16, 16, 16, __half> c_part;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::load_matrix_sync(a_part, a, 16);
    wmma::load_matrix_sync(b_part, b, 16);
    wmma::load_matrix_sync(c_part, c, 16, wmma::mem_col_major);
    wmma::fill_fragment(sum, 0.0F);
    wmma::mma_sync(sum, a_part, b_part, sum);
    for (int i = 0; i < sum.num_elements; ++i) sum.x[i] = 2 * sum.x[i] - __half2float(c_part.x[i]);
    wmma::store_matrix_sync(out, sum, 16, wmma::mem_col_major);
}

// A product of ones, which is 16, added to what is almost the largest int: once it wraps around, once it saturates.
PASSBENCH_KERNEL(wmma_overflows, (int* wrapped, int* saturated)) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, signed char, wmma::row_major> a;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, signed char, wmma::row_major> b;
    wmma::fragment<wmma::accumulator, 16, 16, 16, int> sum;
    wmma::fill_fragment(a, static_cast<signed char>(1));
    wmma::fill_fragment(b, static_cast<signed char>(1));
    wmma::fill_fragment(sum, INT_MAX - 5);
    wmma::mma_sync(sum, a, b, sum);
    wmma::store_matrix_sync(wrapped, sum, 16, wmma::mem_row_major);
    wmma::fill_fragment(sum, INT_MAX - 5);
    wmma::mma_sync(sum, a, b, sum, true);
    wmma::store_matrix_sync(saturated, sum, 16, wmma::mem_row_major);
}

// Sizes that are no multiples of a tile: a warp stages its tiles in 2 KiB of shared memory, with zeros around the matrix.
PASSBENCH_KERNEL_BOUNDS(wmma_ragged, 32,
                        (const __half* a, const __half* b, float* c, unsigned rows, unsigned columns, unsigned depth)) {
    constexpr unsigned edge = 16;
    PASSBENCH_DYNAMIC_SHARED(__half, a_tile);
    __half* const b_tile = a_tile + edge * edge;
    auto* const c_tile = reinterpret_cast<float*>(b_tile + edge * edge);
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> a_part;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::row_major> b_part;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0F);
    const unsigned row = blockIdx.y * edge;
    const unsigned column = blockIdx.x * edge;
    for (unsigned inner = 0; inner < depth; inner += edge) {
        for (unsigned i = threadIdx.x; i < edge * edge; i += 32) {
            const unsigned y = i / edge;
            const unsigned x = i % edge;
            const bool in_a = row + y < rows && inner + x < depth;
            const bool in_b = inner + y < depth && column + x < columns;
            a_tile[i] = in_a ? a[(row + y) * depth + inner + x] : __float2half(0.0F);
            b_tile[i] = in_b ? b[(inner + y) * columns + column + x] : __float2half(0.0F);
        }
        __syncwarp();
        wmma::load_matrix_sync(a_part, a_tile, edge);
        wmma::load_matrix_sync(b_part, b_tile, edge);
        wmma::mma_sync(sum, a_part, b_part, sum);
        __syncwarp();
    }
    wmma::store_matrix_sync(c_tile, sum, edge, wmma::mem_row_major);
    __syncwarp();
    for (unsigned i = threadIdx.x; i < edge * edge; i += 32) {
        const unsigned y = row + i / edge;
        const unsigned x = column + i % edge;
        if (y < rows && x < columns) c[y * columns + x] = c_tile[i];
    }
}

// Mistakes that the stand-in has to name: lanes that stay away, tiles that lie askew, lanes that disagree about a tile.
PASSBENCH_KERNEL(wmma_half_a_warp, (const __half* x, float* out)) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> a;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::row_major> b;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0F);
    wmma::load_matrix_sync(a, x, 16);
    wmma::load_matrix_sync(b, x, 16);
    if (threadIdx.x % 32 >= 16) return;
    wmma::mma_sync(sum, a, b, sum);
    wmma::store_matrix_sync(out, sum, 16, wmma::mem_row_major);
}

PASSBENCH_KERNEL(wmma_loads, (const __half* x, unsigned stride, unsigned lane_step, float* out)) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> a;
    wmma::load_matrix_sync(a, x + threadIdx.x * lane_step, stride);
    out[threadIdx.x] = __half2float(a.x[0]);
}
