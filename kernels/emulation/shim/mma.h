// WMMA (`nvcuda::wmma`) for kernels that g++ compiles; found before the toolkit's <mma.h>, whose place it takes. The
// fragments, shapes and types of that header, without the experimental ones of less than a byte; what a card of capability
// 8.0 has is here for all. A combination that CUDA does not have does not compile.
//
// Which lane holds which element CUDA does not say, and kernels that rely on it are wrong on some card. Here a matrix is
// numbered row by row and lane l holds the l-th of 32 equal runs, each element once; on some cards operands are held twice
// and num_elements is larger.
//
// Products are exact. Sums are in order and in float for half, bfloat16 and tf32, in double (fused) for double; integers
// are exact and wrap around, or saturate with `satf`. Half accumulators are rounded once, at the end of mma_sync. Tensor
// cores add in an order of their own and cut off low bits: compare with a bound, never for equality (integers excepted).
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <iterator>
#include <limits>
#include <type_traits>

#include "kernels/emulation/device_thread.hpp"

namespace nvcuda::wmma {

struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
namespace precision {
struct tf32;
}
enum layout_t { mem_row_major, mem_col_major };

/// Rounds to the 10 fraction bits of tf32, ties away from zero.
inline float __float_to_tf32(float value) {
    constexpr std::uint32_t dropped = 0x1fff;
    if (!std::isfinite(value)) return value;
    const auto bits = std::bit_cast<std::uint32_t>(value) + (dropped + 1) / 2;
    return std::bit_cast<float>(bits & ~dropped);
}

}  // namespace nvcuda::wmma

namespace passbench::emulation::wmma {

namespace cuda = nvcuda::wmma;

/// Of an element type: how a fragment stores it, what its products are summed in, and its value for that sum.
template <typename T>
struct Element {
    using Storage = T;
    using Sum = std::conditional_t<std::integral<T>, int, T>;
    static Sum widen(T value) { return value; }
};
template <>
struct Element<__half> {
    using Storage = __half;
    using Sum = float;
    static float widen(__half value) { return __half2float(value); }
};
template <>
struct Element<__nv_bfloat16> {
    using Storage = __nv_bfloat16;
    using Sum = float;
    static float widen(__nv_bfloat16 value) { return __bfloat162float(value); }
};
template <>
struct Element<cuda::precision::tf32> {
    using Storage = float;
    using Sum = float;
    /// Bits that tf32 does not have are ignored, as by the cards; kernels should have rounded them.
    static float widen(float value) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & ~0x1fffU); }
};

template <typename T, typename... Types>
constexpr bool one_of = (std::same_as<T, Types> || ...);

/// m, n, k of a fragment's shape, as CUDA's templates have them.
template <int m, int n, int k>
constexpr bool of_depth_16 = k == 16 && ((m == 16 && n == 16) || (m == 32 && n == 8) || (m == 8 && n == 32));
template <int m, int n, int k>
constexpr bool of_tf32 = m == 16 && n == 16 && k == 8;
template <int m, int n, int k>
constexpr bool of_double = m == 8 && n == 8 && k == 4;

template <typename T, int m, int n, int k>
concept Operand = (of_depth_16<m, n, k> && one_of<T, __half, __nv_bfloat16, signed char, unsigned char>) ||
                  (of_tf32<m, n, k> && one_of<T, cuda::precision::tf32>) || (of_double<m, n, k> && one_of<T, double>);
template <typename T, int m, int n, int k>
concept Accumulator = (of_depth_16<m, n, k> && one_of<T, __half, float, int>) ||
                      (of_tf32<m, n, k> && one_of<T, float>) || (of_double<m, n, k> && one_of<T, double>);
template <typename Layout>
concept OperandLayout = one_of<Layout, cuda::row_major, cuda::col_major>;

/// Whether products of T may be added to accumulators of Sum.
template <typename T, typename Sum>
concept AddsTo = std::same_as<Sum, typename Element<T>::Sum> ||(one_of<T, __half>&& one_of<Sum, __half>);

template <typename T, int row_count, int column_count>
struct Fragment {
    using element_type = T;
    using storage_element_type = typename Element<T>::Storage;
    enum { num_elements = row_count * column_count / static_cast<int>(warp_threads) };
    enum { num_storage_elements = num_elements };

    static constexpr int rows = row_count;
    static constexpr int columns = column_count;

    storage_element_type x[num_storage_elements];
};

}  // namespace passbench::emulation::wmma

namespace nvcuda::wmma {

/// A lane's part of a matrix: A is m x k, B k x n, the accumulators m x n.
template <typename Use, int m, int n, int k, typename T, typename Layout = void>
class fragment;

template <int m, int n, int k, typename T, typename Layout>
requires passbench::emulation::wmma::Operand<T, m, n, k> && passbench::emulation::wmma::OperandLayout<Layout>
class fragment<matrix_a, m, n, k, T, Layout> : public passbench::emulation::wmma::Fragment<T, m, k> {
};
template <int m, int n, int k, typename T, typename Layout>
requires passbench::emulation::wmma::Operand<T, m, n, k> && passbench::emulation::wmma::OperandLayout<Layout>
class fragment<matrix_b, m, n, k, T, Layout> : public passbench::emulation::wmma::Fragment<T, k, n> {
};
template <int m, int n, int k, typename T>
requires passbench::emulation::wmma::Accumulator<T, m, n, k>
class fragment<accumulator, m, n, k, T, void> : public passbench::emulation::wmma::Fragment<T, m, n> {
};

}  // namespace nvcuda::wmma

namespace passbench::emulation::wmma {

/// A matrix in memory, as a lane names it.
struct Tile {
    const void* data;
    unsigned stride;  // from one row, or column, to the next, in elements
    cuda::layout_t layout;
    CallSite site;
};

/// The number in memory of the calling lane's i-th element.
template <typename Part>
std::size_t offset_of(const Tile& tile, int i) {
    const int number = static_cast<int>(lane_id()) * Part::num_elements + i;
    const int row = number / Part::columns;
    const int column = number % Part::columns;
    return tile.layout == cuda::mem_row_major ? std::size_t{tile.stride} * static_cast<unsigned>(row) + column
                                              : std::size_t{tile.stride} * static_cast<unsigned>(column) + row;
}

/// Stops a launch that a card would answer with a misaligned address.
template <typename Part>
void check_alignment(const Tile& tile) {
    using Storage = typename Part::storage_element_type;
    constexpr std::size_t most_alignment = 32;
    constexpr std::size_t stride_alignment = 16;
    const std::size_t run = (tile.layout == cuda::mem_row_major ? Part::columns : Part::rows) * sizeof(Storage);
    if (reinterpret_cast<std::uintptr_t>(tile.data) % std::min(run, most_alignment) != 0)
        device_trap("a WMMA matrix whose address is aligned neither to its rows or columns nor to 32 bytes", tile.site);
    if (tile.stride * sizeof(Storage) % stride_alignment != 0)
        device_trap("a WMMA matrix whose stride is no multiple of 16 bytes", tile.site);
}

inline void compare_tiles(void* const (&lanes)[warp_threads]) {
    const Tile& first = *static_cast<const Tile*>(lanes[0]);
    for (void* const lane : lanes) {
        const Tile& tile = *static_cast<const Tile*>(lane);
        if (tile.data != first.data || tile.stride != first.stride || tile.layout != first.layout)
            device_trap("lanes of a warp that name different WMMA matrices", tile.site);
    }
}

inline constexpr WarpCollective load = {.name = "load_matrix_sync", .run = &compare_tiles};
inline constexpr WarpCollective store = {.name = "store_matrix_sync", .run = &compare_tiles};

// Lanes meet after they have read and before they write: neither function orders the memory accesses of other lanes, as on
// a card, so a __syncwarp that is missing shows.
template <typename Part>
void load_part(Part& part, Tile tile) {
    check_alignment<Part>(tile);
    const auto* from = static_cast<const typename Part::storage_element_type*>(tile.data);
    for (int i = 0; i < Part::num_elements; ++i) part.x[i] = from[offset_of<Part>(tile, i)];
    warp_collective(load, &tile, tile.site);
}

template <typename Part>
void store_part(typename Part::storage_element_type* to, const Part& part, Tile tile) {
    check_alignment<Part>(tile);
    warp_collective(store, &tile, tile.site);
    for (int i = 0; i < Part::num_elements; ++i) to[offset_of<Part>(tile, i)] = part.x[i];
}

/// What a lane brings to mma_sync.
template <typename A, typename B, typename C, typename D>
struct Product {
    const A* a;
    const B* b;
    const C* c;
    D* d;
    bool saturate;
};

inline float multiply_add(float a, float b, float sum) { return a * b + sum; }  // products of so few bits are exact
inline double multiply_add(double a, double b, double sum) { return std::fma(a, b, sum); }
inline int multiply_add(int a, int b, int sum) { return a * b + sum; }

/// The product of the matrices that 32 lanes hold together.
template <typename A, typename B, typename C, typename D>
void multiply(void* const (&lanes)[warp_threads]) {
    using Factor = Element<typename A::element_type>;
    using Sum = typename Factor::Sum;
    constexpr int m = A::rows;
    constexpr int n = B::columns;
    constexpr int k = A::columns;
    Sum a[m * k];
    Sum b[k * n];
    Sum sums[m * n];
    const auto product_of = [&](int lane) -> const Product<A, B, C, D>& {
        return *static_cast<const Product<A, B, C, D>*>(lanes[lane]);
    };
    constexpr int lane_count = warp_threads;
    for (int lane = 0; lane < lane_count; ++lane) {
        const auto& product = product_of(lane);
        for (int i = 0; i < A::num_elements; ++i) a[lane * A::num_elements + i] = Factor::widen(product.a->x[i]);
        for (int i = 0; i < B::num_elements; ++i) b[lane * B::num_elements + i] = Factor::widen(product.b->x[i]);
        for (int i = 0; i < C::num_elements; ++i) {
            // Sums of integers cannot leave 32 bits before C is added.
            sums[lane * C::num_elements + i] =
                std::integral<Sum> ? Sum{0} : Element<typename C::element_type>::widen(product.c->x[i]);
        }
    }
    for (int row = 0; row < m; ++row) {
        for (int inner = 0; inner < k; ++inner) {
            for (int column = 0; column < n; ++column) {
                Sum& sum = sums[row * n + column];
                sum = multiply_add(a[row * k + inner], b[inner * n + column], sum);
            }
        }
    }
    for (int lane = 0; lane < lane_count; ++lane) {
        const auto& product = product_of(lane);
        for (int i = 0; i < D::num_elements; ++i) {
            const Sum sum = sums[lane * D::num_elements + i];
            if constexpr (std::integral<Sum>) {
                const std::int64_t exact = std::int64_t{sum} + product.c->x[i];
                using Limits = std::numeric_limits<int>;
                product.d->x[i] = static_cast<int>(
                    product.saturate ? std::clamp<std::int64_t>(exact, Limits::min(), Limits::max()) : exact);
            } else if constexpr (one_of<typename D::element_type, __half>) {
                product.d->x[i] = __float2half_rn(sum);
            } else {
                product.d->x[i] = sum;
            }
        }
    }
}

template <typename A, typename B, typename C, typename D>
inline constexpr WarpCollective mma = {.name = "mma_sync", .run = &multiply<A, B, C, D>};

template <typename A, typename B, typename C, typename D>
void multiply_together(D& d, const A& a, const B& b, const C& c, bool saturate, const CallSite& site) {
    Product<A, B, C, D> own = {.a = &a, .b = &b, .c = &c, .d = &d, .saturate = saturate};
    warp_collective(mma<A, B, C, D>, &own, site);
}

}  // namespace passbench::emulation::wmma

namespace nvcuda::wmma {

template <typename Use, int m, int n, int k, typename T, typename Layout>
void fill_fragment(fragment<Use, m, n, k, T, Layout>& part,
                   const typename fragment<Use, m, n, k, T, Layout>::storage_element_type& value) {
    std::fill(std::begin(part.x), std::end(part.x), value);
}

/// `stride` is in elements, from one row (col_major: column) to the next.
template <typename Use, int m, int n, int k, typename T, typename Layout>
requires passbench::emulation::wmma::OperandLayout<Layout>
void load_matrix_sync(fragment<Use, m, n, k, T, Layout>& part,
                      const typename fragment<Use, m, n, k, T, Layout>::storage_element_type* data, unsigned stride,
                      passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    const layout_t layout = std::same_as<Layout, row_major> ? mem_row_major : mem_col_major;
    passbench::emulation::wmma::load_part(part, {.data = data, .stride = stride, .layout = layout, .site = site});
}

template <int m, int n, int k, typename T>
void load_matrix_sync(fragment<accumulator, m, n, k, T>& part,
                      const typename fragment<accumulator, m, n, k, T>::storage_element_type* data, unsigned stride,
                      layout_t layout, passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::wmma::load_part(part, {.data = data, .stride = stride, .layout = layout, .site = site});
}

template <int m, int n, int k, typename T>
void store_matrix_sync(typename fragment<accumulator, m, n, k, T>::storage_element_type* data,
                       const fragment<accumulator, m, n, k, T>& part, unsigned stride, layout_t layout,
                       passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::wmma::store_part(data, part,
                                           {.data = data, .stride = stride, .layout = layout, .site = site});
}

/// d = a * b + c; d and c may be one fragment.
template <int m, int n, int k, typename T, typename LayoutA, typename LayoutB, typename D, typename C>
requires passbench::emulation::wmma::AddsTo<T, C> && passbench::emulation::wmma::AddsTo<T, D>
void mma_sync(fragment<accumulator, m, n, k, D>& d, const fragment<matrix_a, m, n, k, T, LayoutA>& a,
              const fragment<matrix_b, m, n, k, T, LayoutB>& b, const fragment<accumulator, m, n, k, C>& c,
              passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::wmma::multiply_together(d, a, b, c, false, site);
}

/// As mma_sync; sums that leave the range of int become its nearest end.
template <int m, int n, int k, typename T, typename LayoutA, typename LayoutB>
requires passbench::emulation::wmma::AddsTo<T, int>
void mma_sync(fragment<accumulator, m, n, k, int>& d, const fragment<matrix_a, m, n, k, T, LayoutA>& a,
              const fragment<matrix_b, m, n, k, T, LayoutB>& b, const fragment<accumulator, m, n, k, int>& c, bool satf,
              passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::wmma::multiply_together(d, a, b, c, satf, site);
}

}  // namespace nvcuda::wmma
