// The matrices of gemm, the check of its product, and what the libraries are told.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/cpu/gemm_inputs.hpp"
#include "kernels/cpu/library_environment.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/openblas.hpp"
#include "kernels/cpu/product_check.hpp"

namespace passbench {
namespace {

constexpr std::size_t n = 37;
constexpr std::uint64_t seed = 3;

ThreadPool& shared_pool() {
    static ThreadPool pool(usable_cpus());
    return pool;
}

/// The product by a plain loop over what fill_a and fill_b wrote.
std::vector<std::int32_t> plain_product(const GemmInputs& inputs) {
    constexpr std::size_t row_bytes = 48;
    std::vector<std::int8_t> a(n * row_bytes);
    std::vector<std::int8_t> b(n * row_bytes);
    inputs.fill_a(shared_pool(), 1, GemmPrecision::int8, std::as_writable_bytes(std::span(a)), row_bytes);
    inputs.fill_b(shared_pool(), 1, GemmPrecision::int8, std::as_writable_bytes(std::span(b)), row_bytes);
    std::vector<std::int32_t> c(n * n);
    for (std::size_t row = 0; row < n; ++row) {
        for (std::size_t column = 0; column < n; ++column) {
            for (std::size_t k = 0; k < row_bytes; ++k) {
                c[row * n + column] += a[row * row_bytes + k] * b[column * row_bytes + k];
            }
        }
    }
    return c;
}

TEST(NumberMatrix, HasAllItsNumbersAndARowReadsAsItsElements) {
    const NumberMatrix matrix(7, 100);
    std::vector<int> seen(different_numbers, 0);
    for (std::size_t row = 0; row < 5; ++row) {
        std::size_t columns = 0;
        matrix.each_of_row(row, [&](std::size_t column, std::int64_t number) {
            EXPECT_EQ(column, columns++);
            EXPECT_EQ(number, matrix.at(row, column));
            ++seen.at(static_cast<std::size_t>(number - smallest_number));
        });
        EXPECT_EQ(columns, 100U);
    }
    EXPECT_THAT(seen, testing::Each(testing::Gt(0)));
}

TEST(GemmInputs, AreTheSameNumbersInEveryPrecisionWithZerosBehindThem) {
    const GemmInputs inputs(seed, n);
    constexpr std::size_t row_numbers = 48;
    std::vector<float> floats(n * row_numbers, NAN);
    inputs.fill_a(shared_pool(), shared_pool().size(), GemmPrecision::f32, std::as_writable_bytes(std::span(floats)),
                  row_numbers * sizeof(float));
    EXPECT_EQ(floats[n], 0);
    EXPECT_THAT(floats, testing::Contains(7.0F));
    EXPECT_THAT(floats, testing::Contains(-8.0F));

    std::vector<std::int8_t> bytes(floats.size());
    inputs.fill_a(shared_pool(), 1, GemmPrecision::int8, std::as_writable_bytes(std::span(bytes)), row_numbers);
    EXPECT_TRUE(std::ranges::equal(floats, bytes, [](float number, std::int8_t byte) { return number == byte; }));

    // As long as a whole cache line, for the loops that widen.
    struct alignas(64) Lines {
        std::array<std::uint16_t, n * row_numbers> numbers;
    };
    struct alignas(64) Floats {
        std::array<float, n * row_numbers> numbers;
    };
    const auto wide = std::make_unique<Floats>();
    const auto lines = std::make_unique<Lines>();
    for (const GemmPrecision precision : {GemmPrecision::f16, GemmPrecision::bf16}) {
        inputs.fill_a(shared_pool(), 1, precision, std::as_writable_bytes(std::span(lines->numbers)),
                      row_numbers * sizeof(std::uint16_t));
        for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
            if (!supports(detect_cpu(), isa)) continue;
            const WidenLoop widen =
                precision == GemmPrecision::f16 ? loops_of(isa).widen_f16 : loops_of(isa).widen_bf16;
            widen(wide->numbers.data(), lines->numbers.data(), lines->numbers.size());
            EXPECT_TRUE(std::ranges::equal(floats, wide->numbers)) << to_string(precision) << ' ' << to_string(isa);
        }
    }
}

// 1, 1.5, the largest and smallest normal and subnormal half: IEEE 754 binary16.
TEST(WidenHalves, IsRightForAllKindsOfNumbers) {
    struct alignas(64) {
        std::array<std::uint16_t, 16> halves = {0x3c00, 0x3e00, 0x7bff, 0xfbff, 0x0400, 0x03ff, 0x0001, 0x8001,
                                                0x0000, 0x8000, 0xc000, 0x3555, 0,      0,      0,      0};
        std::array<float, 16> floats{};
    } data;
    const std::array<float, 12> right = {1,        1.5F,      65504, -65504, 0x1p-14F, 0x1.ff8p-15F,
                                         0x1p-24F, -0x1p-24F, 0,     -0.0F,  -2,       0x1.554p-2F};
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (!supports(detect_cpu(), isa)) continue;
        loops_of(isa).widen_f16(data.floats.data(), data.halves.data(), data.halves.size());
        for (std::size_t i = 0; i < right.size(); ++i) {
            EXPECT_EQ(std::bit_cast<std::uint32_t>(data.floats[i]), std::bit_cast<std::uint32_t>(right[i]))
                << i << ' ' << to_string(isa);
        }
    }
}

TEST(GemmCheck, AcceptsWhatAPlainLoopMakesAndNothingElse) {
    const GemmInputs inputs(seed, n);
    std::vector<std::int32_t> c = plain_product(inputs);
    ASSERT_TRUE(inputs.check(shared_pool(), shared_pool().size(), c));
    std::vector<float> floats(c.begin(), c.end());
    ASSERT_TRUE(inputs.check(shared_pool(), shared_pool().size(), floats));
    for (std::size_t i = 0; i < c.size(); ++i) {
        EXPECT_EQ(inputs.element(i / n, i % n), c[i]);
        for (const std::int32_t wrong : {1, 1 << 20, -(1 << 21)}) {
            c[i] += wrong;
            EXPECT_FALSE(inputs.check(shared_pool(), 1, c)) << i;
            c[i] -= wrong;
        }
    }
    // Two that cancel in a plain sum.
    ++c[5];
    --c[6];
    const auto checked = inputs.check(shared_pool(), 1, c);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().what, testing::HasSubstr("gemm: element 5 of row 0 of 37 x 37 is "));
}

TEST(WholeNumber, IsNothingForAFractionANanMinusZeroAndWhatIsTooLarge) {
    EXPECT_EQ(whole_number(-3.0F), -3);
    EXPECT_EQ(whole_number(0.0F), 0);
    for (const float wrong : {0.5F, NAN, -0.0F, 3e6F, -INFINITY}) EXPECT_FALSE(whole_number(wrong)) << wrong;
    EXPECT_EQ(whole_number(std::int32_t{-7}), -7);
    EXPECT_FALSE(whole_number(std::numeric_limits<std::int32_t>::min()));
}

TEST(LibraryEnvironment, NamesTheCoreOnlyWhereTheCpuCanRunItsCode) {
    const auto names = [](const CpuFeatures& cpu) {
        std::vector<std::string_view> result;
        for (const EnvironmentSetting& setting : library_environment(cpu)) result.push_back(setting.name);
        return result;
    };
    CpuFeatures cpu;
    cpu.avx2_fma = true;
    EXPECT_THAT(names(cpu), testing::Not(testing::Contains("OPENBLAS_CORETYPE")));
    EXPECT_THAT(names(cpu), testing::Contains("OMP_WAIT_POLICY"));
    cpu.avx512 = true;
    EXPECT_THAT(names(cpu), testing::Contains("OPENBLAS_CORETYPE"));
}

TEST(LibraryEnvironment, LeavesWhatTheUserHasSet) {
    ASSERT_EQ(setenv("OPENBLAS_THREAD_TIMEOUT", "5", 1), 0);
    set_library_environment();
    EXPECT_STREQ(getenv("OPENBLAS_THREAD_TIMEOUT"), "5");
    EXPECT_STREQ(getenv("OMP_WAIT_POLICY"), "passive");
    unsetenv("OPENBLAS_THREAD_TIMEOUT");
}

TEST(Openblas, SaysItsVersionAndWhoseCodeItTakes) {
    const auto openblas = Openblas::load();
    if (!openblas) GTEST_SKIP() << openblas.error().what;
    EXPECT_THAT((*openblas)->version(), testing::MatchesRegex("0\\.[0-9]+\\.[0-9]+"));
    EXPECT_FALSE((*openblas)->core().empty());
}

}  // namespace
}  // namespace passbench
