// WMMA against plain sums in double. The bounds are those of the arithmetic that mma.h promises; a card's are wider.
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <limits>
#include <random>

#include <gmock/gmock.h>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

enum class Layout : std::uint8_t { rows, columns };

struct Product {
    std::size_t m;
    std::size_t n;
    std::size_t k;
};

template <typename T, typename Sum>
struct Multiplication {
    std::vector<T> a;
    std::vector<T> b;
    std::vector<Sum> c;
};

double to_double(__half value) { return __half2float(value); }
double to_double(__nv_bfloat16 value) { return __bfloat162float(value); }
template <typename T>
double to_double(T value) {
    return static_cast<double>(value);
}

template <typename T>
std::vector<T> random_values(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::vector<T> values(count);
    for (T& value : values) {
        if constexpr (std::integral<T>) {
            value = static_cast<T>(engine());
        } else {
            // 20 bits: more than tf32 has, all that fit for the narrower types.
            value = static_cast<T>(static_cast<float>(engine() >> 44U) / 524288.0F - 1.0F);
        }
    }
    return values;
}

std::size_t place(Layout layout, std::size_t row, std::size_t column, std::size_t stride) {
    return layout == Layout::rows ? row * stride + column : column * stride + row;
}

/// `bound` is how far a result may be from the exact one, as a fraction of the sum of the products' magnitudes.
template <typename T, typename Sum>
void expect_product(const Multiplication<T, Sum>& done, Layout a_layout, Layout b_layout, const Product& size,
                    double bound) {
    const auto& [a, b, c] = done;
    const auto [m, n, k] = size;
    const std::size_t a_stride = a_layout == Layout::rows ? k : m;
    const std::size_t b_stride = b_layout == Layout::rows ? n : k;
    for (std::size_t row = 0; row < m; ++row) {
        for (std::size_t column = 0; column < n; ++column) {
            double exact = 0;
            double magnitudes = 0;
            for (std::size_t inner = 0; inner < k; ++inner) {
                const double product = to_double(a[place(a_layout, row, inner, a_stride)]) *
                                       to_double(b[place(b_layout, inner, column, b_stride)]);
                exact += product;
                magnitudes += std::fabs(product);
            }
            ASSERT_NEAR(to_double(c[row * n + column]), exact, bound * magnitudes)
                << "row " << row << ", column " << column;
        }
    }
}

class Wmma : public StandIn {
protected:
    static constexpr Product whole_tiles = {.m = 128, .n = 96, .k = 64};

    /// C = A * B in tiles of m x n, four of them down a block.
    template <typename T, typename Sum>
    Multiplication<T, Sum> multiply(const char* name, const Product& tile, Layout a_layout, Layout b_layout) {
        const auto [m, n, k] = whole_tiles;
        const auto a = random_values<T>(m * k, 1);
        const auto b = random_values<T>(k * n, 2);
        DeviceArray<T> a_device(a);
        DeviceArray<T> b_device(b);
        DeviceArray<Sum> c(m * n);
        const auto a_stride = static_cast<unsigned>(a_layout == Layout::rows ? k : m);
        const auto b_stride = static_cast<unsigned>(b_layout == Layout::rows ? n : k);
        constexpr unsigned tiles_a_block = 4;
        const dim3 grid = {static_cast<unsigned>(n / tile.n), static_cast<unsigned>(m / tile.m) / tiles_a_block};
        EXPECT_EQ(launch(name, {.grid = grid, .block = {32, tiles_a_block}}, a_device.address(), a_stride,
                         b_device.address(), b_stride, c.address(), static_cast<unsigned>(n), static_cast<unsigned>(k)),
                  CUDA_SUCCESS);
        return {.a = a, .b = b, .c = c.get()};
    }

    template <typename T, typename Sum>
    void check(const char* name, const Product& tile, Layout a_layout, Layout b_layout, double bound) {
        expect_product(multiply<T, Sum>(name, tile, a_layout, b_layout), a_layout, b_layout, whole_tiles, bound);
    }

    /// Launches one warp, waits, and gives what was printed.
    template <typename... Parameters>
    std::string words_of(const char* name, Parameters... parameters) {
        testing::internal::CaptureStderr();
        EXPECT_EQ(launch(name, {.grid = {1}, .block = {32}}, parameters...), CUDA_SUCCESS);
        EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
        return testing::internal::GetCapturedStderr();
    }
};

// 64 additions in order, each rounded to float.
constexpr double float_sums = 64 * 0x1p-24;

TEST_F(Wmma, MultipliesHalvesInRows) {
    check<__half, float>("wmma_f16_rows", {.m = 16, .n = 16, .k = 16}, Layout::rows, Layout::rows, float_sums);
}
TEST_F(Wmma, MultipliesHalvesInColumns) {
    check<__half, float>("wmma_f16_columns", {.m = 32, .n = 8, .k = 16}, Layout::columns, Layout::columns, float_sums);
}
TEST_F(Wmma, RoundsHalfAccumulatorsOnceAProduct) {
    // Four products, after each of which partial sums of up to the magnitudes are rounded to 11 bits.
    check<__half, __half>("wmma_f16_to_f16", {.m = 8, .n = 32, .k = 16}, Layout::rows, Layout::columns, 4 * 0x1p-11);
}
TEST_F(Wmma, MultipliesBrainFloats) {
    check<__nv_bfloat16, float>("wmma_bf16", {.m = 32, .n = 8, .k = 16}, Layout::columns, Layout::rows, float_sums);
}
TEST_F(Wmma, MultipliesBytesExactly) {
    check<signed char, int>("wmma_s8", {.m = 16, .n = 16, .k = 16}, Layout::rows, Layout::columns, 0);
    check<unsigned char, int>("wmma_u8", {.m = 8, .n = 32, .k = 16}, Layout::rows, Layout::columns, 0);
}
TEST_F(Wmma, MultipliesTheUpperBitsOfFloatsAsTf32) {
    auto done = multiply<float, float>("wmma_tf32", {.m = 16, .n = 16, .k = 8}, Layout::rows, Layout::columns);
    const auto to_tf32 = [](float value, auto round) {
        int exponent = 0;
        const float fraction = std::frexp(value, &exponent);
        return std::ldexp(round(std::ldexp(fraction, 11)), exponent - 11);
    };
    // The kernel rounds A, and leaves it to mma_sync to cut off what is too much of B.
    for (float& value : done.a) value = to_tf32(value, [](float x) { return std::round(x); });
    for (float& value : done.b) value = to_tf32(value, [](float x) { return std::trunc(x); });
    expect_product(done, Layout::rows, Layout::columns, whole_tiles, float_sums);
}
TEST_F(Wmma, MultipliesDoubles) {
    check<double, double>("wmma_f64", {.m = 8, .n = 8, .k = 4}, Layout::columns, Layout::rows, 128 * 0x1p-53);
}

TEST_F(Wmma, MultipliesMatricesOfRaggedSizes) {
    const Product size = {.m = 37, .n = 51, .k = 43};
    const auto a = random_values<__half>(size.m * size.k, 3);
    const auto b = random_values<__half>(size.k * size.n, 4);
    DeviceArray<__half> a_device(a);
    DeviceArray<__half> b_device(b);
    DeviceArray<float> c(size.m * size.n);
    PASSBENCH_CUDA_OK(launch("wmma_ragged", {.grid = {4, 3}, .block = {32}, .shared_bytes = 2048}, a_device.address(),
                             b_device.address(), c.address(), static_cast<unsigned>(size.m),
                             static_cast<unsigned>(size.n), static_cast<unsigned>(size.k)));
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
    expect_product<__half, float>({.a = a, .b = b, .c = c.get()}, Layout::rows, Layout::rows, size, float_sums);
}

TEST_F(Wmma, CombinesElementsOfFragmentsOfOneShape) {
    constexpr std::size_t edge = 16;
    const auto a = random_values<__half>(edge * edge, 5);
    const auto b = random_values<__half>(edge * edge, 6);
    const auto c = random_values<__half>(edge * edge, 7);
    DeviceArray<__half> a_device(a);
    DeviceArray<__half> b_device(b);
    DeviceArray<__half> c_device(c);
    DeviceArray<float> out(edge * edge);
    PASSBENCH_CUDA_OK(launch("wmma_combines", {.grid = {1}, .block = {32}}, a_device.address(), b_device.address(),
                             c_device.address(), out.address()));
    const std::vector<float> combined = out.get();
    // Back to A * B, whose rows are the columns of `out`: (out + C) / 2.
    std::vector<float> by_rows(combined.size());
    for (std::size_t i = 0; i < combined.size(); ++i) {
        by_rows[i % edge * edge + i / edge] = (combined[i] + __half2float(c[i])) / 2;
    }
    expect_product<__half, float>({.a = a, .b = b, .c = by_rows}, Layout::rows, Layout::rows,
                                  {.m = edge, .n = edge, .k = edge}, 32 * 0x1p-24);
}

TEST_F(Wmma, SumsOfIntegersWrapAroundOrSaturate) {
    DeviceArray<int> wrapped(256);
    DeviceArray<int> saturated(256);
    PASSBENCH_CUDA_OK(launch("wmma_overflows", {.grid = {1}, .block = {32}}, wrapped.address(), saturated.address()));
    EXPECT_EQ(wrapped.get(), std::vector<int>(256, std::numeric_limits<int>::min() + 10));
    EXPECT_EQ(saturated.get(), std::vector<int>(256, std::numeric_limits<int>::max()));
}

TEST_F(Wmma, LanesThatDoNotReachAProductAreNamed) {
    DeviceArray<__half> x(256);
    DeviceArray<float> out(256);
    EXPECT_THAT(words_of("wmma_half_a_warp", x.address(), out.address()),
                HasSubstr("kernel wmma_half_a_warp, block (0,0,0), thread (0,0,0): mma_sync at wmma.cu:213 not reached "
                          "by lanes 0xffff0000 of warp 0"));
}

TEST_F(Wmma, ABlockOfHalfAWarpIsNamed) {
    DeviceArray<__half> x(256);
    DeviceArray<float> out(256);
    testing::internal::CaptureStderr();
    PASSBENCH_CUDA_OK(launch("wmma_loads", {.grid = {1}, .block = {16}}, x.address(), 16U, 0U, out.address()));
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("load_matrix_sync at wmma.cu:219 not reached by lanes 0xffff0000 of warp 0"));
}

TEST_F(Wmma, ATileWhoseRowsLieAskewIsNamed) {
    DeviceArray<__half> x(1024);
    DeviceArray<float> out(32);
    EXPECT_THAT(words_of("wmma_loads", x.address(), 20U, 0U, out.address()),
                HasSubstr("thread (0,0,0): a WMMA matrix whose stride is no multiple of 16 bytes at wmma.cu:219"));
}

TEST_F(Wmma, ATileThatBeginsAskewIsNamed) {
    DeviceArray<__half> x(1024);
    DeviceArray<float> out(32);
    EXPECT_THAT(words_of("wmma_loads", x.address() + 16, 16U, 0U, out.address()),
                HasSubstr("a WMMA matrix whose address is aligned neither to its rows or columns nor to 32 bytes"));
}

TEST_F(Wmma, LanesThatDisagreeAboutATileAreNamed) {
    DeviceArray<__half> x(1024);
    DeviceArray<float> out(32);
    EXPECT_THAT(words_of("wmma_loads", x.address(), 16U, 16U, out.address()),
                HasSubstr("lanes of a warp that name different WMMA matrices at wmma.cu:219"));
}

}  // namespace
}  // namespace passbench
