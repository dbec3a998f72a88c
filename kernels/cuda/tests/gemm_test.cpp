// What gemm decides before it runs: how it cuts its work, and what cards can do.
#include <gtest/gtest.h>

#include "kernels/cuda/row_parts.hpp"
#include "kernels/cuda/tensor_rate.hpp"

namespace passbench {
namespace {

TEST(CutRows, PartsCoverAllRowsAndNoneTakesTooLong) {
    constexpr std::size_t tile = 128;
    for (const std::size_t all : {16U, 128U, 129U, 1000U, 4096U, 8192U}) {
        for (const double needed_s : {0.0, 0.4, 0.6, 2.0, 17.0}) {
            const RowParts parts = cut_rows(all, tile, needed_s, 0.5);
            ASSERT_GE(parts.count, 1U);
            ASSERT_LE(parts.rows, all);
            std::size_t covered = 0;
            for (std::size_t part = 0; part < parts.count; ++part) {
                const std::size_t first = parts.first_row(part, all);
                EXPECT_LE(first, covered) << "a row is left out";
                covered = first + parts.rows;
            }
            EXPECT_EQ(covered, all);
            const double part_s = needed_s * static_cast<double>(parts.rows) / static_cast<double>(all);
            EXPECT_TRUE(part_s <= 0.5 || parts.rows == std::min(all, tile)) << all << " rows, " << needed_s << " s";
        }
    }
}

TEST(CutRows, WhatIsQuickIsNotCut) { EXPECT_EQ(cut_rows(8192, 128, 0.49, 0.5).count, 1U); }

// Peak rates of the data sheets: T4 65 TFLOP/s f16 and 130 TOP/s int8, A100 312 f16 and 156 tf32, H100 SXM 989 f16, RTX 3080 59.5
// f16 with sums in f32 and 238 int8.
TEST(TensorRate, GivesThePeaksOfTheDataSheets) {
    const auto peak = [](int major, int minor, const char* card, GemmPrecision precision, int sms, double boost_ghz) {
        return tensor_rate(major, minor, card, precision).value_or(0) * sms * boost_ghz * 1e-3;
    };
    EXPECT_NEAR(peak(7, 5, "Tesla T4", GemmPrecision::f16, 40, 1.59), 65, 1);
    EXPECT_NEAR(peak(7, 5, "Tesla T4", GemmPrecision::int8, 40, 1.59), 130, 1);
    EXPECT_NEAR(peak(8, 0, "NVIDIA A100-SXM4-80GB", GemmPrecision::bf16, 108, 1.41), 312, 1);
    EXPECT_NEAR(peak(8, 0, "NVIDIA A100-SXM4-80GB", GemmPrecision::tf32, 108, 1.41), 156, 1);
    EXPECT_NEAR(peak(9, 0, "NVIDIA H100 80GB HBM3", GemmPrecision::f16, 132, 1.83), 989, 5);
    EXPECT_NEAR(peak(8, 6, "NVIDIA GeForce RTX 3080", GemmPrecision::f16, 68, 1.71), 59.5, 0.5);
    EXPECT_NEAR(peak(8, 6, "NVIDIA GeForce RTX 3080", GemmPrecision::int8, 68, 1.71), 238, 1);
}

TEST(TensorRate, IsUnknownForACardOfTheFutureAndForWhatACardLacks) {
    EXPECT_FALSE(tensor_rate(99, 0, "", GemmPrecision::f16));
    EXPECT_FALSE(tensor_rate(7, 5, "Tesla T4", GemmPrecision::bf16));
    EXPECT_FALSE(tensor_rate(8, 0, "NVIDIA A100-SXM4-80GB", GemmPrecision::f32));
}

TEST(RequireArithmetic, ATuringCardHasNeitherTf32NorBf16AndSaysSo) {
    for (const GemmPrecision precision : {GemmPrecision::f32, GemmPrecision::f16, GemmPrecision::int8}) {
        EXPECT_TRUE(require_arithmetic("Tesla T4", 7, 5, precision));
    }
    for (const GemmPrecision precision : {GemmPrecision::tf32, GemmPrecision::bf16}) {
        EXPECT_FALSE(require_arithmetic("Tesla T4", 7, 5, precision));
        EXPECT_TRUE(require_arithmetic("NVIDIA A100-SXM4-80GB", 8, 0, precision));
    }
    EXPECT_FALSE(require_arithmetic("Tesla V100", 7, 0, GemmPrecision::int8));
    const auto lacking = require_arithmetic("Tesla T4", 7, 5, GemmPrecision::bf16);
    ASSERT_FALSE(lacking);
    EXPECT_EQ(lacking.error().code, ErrorCode::unsupported);
    EXPECT_EQ(lacking.error().what, "Tesla T4 has no tensor cores for bf16: its capability is 7.5");
    EXPECT_EQ(lacking.error().fix, "Take precision f32, f16 or int8; tf32 and bf16 need capability 8.0.");
}

}  // namespace
}  // namespace passbench
