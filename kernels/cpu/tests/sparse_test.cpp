// The inputs of spmv and gather.
#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/gather_inputs.hpp"
#include "kernels/cpu/spmv_inputs.hpp"

namespace passbench {
namespace {

constexpr std::uint64_t sparse_seed = 20260115;

std::vector<std::uint32_t> row_begins(const MatrixShape& shape, std::uint64_t of_seed = sparse_seed) {
    std::vector<std::uint32_t> begins(shape.rows + 1);
    SpmvInputs(of_seed, shape).fill_row_begins(begins, {.begin = 0, .end = shape.rows});
    return begins;
}

std::vector<std::uint32_t> lengths_of(const MatrixShape& shape, std::uint64_t of_seed = sparse_seed) {
    const std::vector<std::uint32_t> begins = row_begins(shape, of_seed);
    std::vector<std::uint32_t> lengths(shape.rows);
    for (std::size_t row = 0; row < shape.rows; ++row) lengths[row] = begins[row + 1] - begins[row];
    return lengths;
}

TEST(SpmvInputs, HaveAsManyElementsAsTheParametersSayWhateverTheSeed) {
    for (const MatrixKind kind : {MatrixKind::banded, MatrixKind::powerlaw}) {
        for (const std::size_t rows : {512U, 1009U, 2048U}) {
            for (const std::size_t nonzeros : {1U, 4U, 7U, 256U}) {
                const MatrixShape shape = {.kind = kind, .rows = rows, .nonzeros = nonzeros};
                EXPECT_EQ(row_begins(shape).front(), 0U);
                EXPECT_EQ(row_begins(shape).back(), rows * nonzeros);
                EXPECT_TRUE(std::ranges::is_sorted(row_begins(shape)));
            }
        }
    }
}

TEST(SpmvInputs, OfAPowerLawHaveHalfAsManyRowsOfTwiceTheLength) {
    const MatrixShape shape = {.kind = MatrixKind::powerlaw, .rows = 4 * 512, .nonzeros = 40};
    std::map<std::uint32_t, int> rows_of_length;
    for (const std::uint32_t length : lengths_of(shape)) ++rows_of_length[length];
    for (const auto& [length, rows] : std::map<std::uint32_t, int>{{8, 1024}, {16, 512}, {32, 256}, {64, 128}}) {
        EXPECT_EQ(rows_of_length[length], rows) << length;
    }
    EXPECT_NE(lengths_of(shape), lengths_of(shape, sparse_seed + 1));
}

// Products are at most 256: beyond 2^24 a sum in f32 would be rounded.
TEST(SpmvInputs, HaveNoRowSoLongThatASumIsRounded) {
    const auto lengths = lengths_of({.kind = MatrixKind::powerlaw, .rows = 512, .nonzeros = 256});
    EXPECT_LE(*std::ranges::max_element(lengths), 65'536U);
}

TEST(SpmvInputs, NameColumnsThatExistInAscendingOrder) {
    for (const MatrixKind kind : {MatrixKind::banded, MatrixKind::powerlaw}) {
        const MatrixShape shape = {.kind = kind, .rows = 1009, .nonzeros = 33};
        const std::vector<std::uint32_t> begins = row_begins(shape);
        for (std::size_t row = 0; row < shape.rows; ++row) {
            std::vector<std::uint32_t> columns(begins[row + 1] - begins[row]);
            SpmvInputs(sparse_seed, shape).fill_columns(row, begins[row], columns);
            EXPECT_TRUE(std::ranges::is_sorted(columns));
            if (kind == MatrixKind::banded) {
                EXPECT_EQ(columns.back() - columns.front(), 32U);
            }
            EXPECT_LT(columns.empty() ? 0 : columns.back(), shape.rows);
        }
    }
}

TEST(GatherInputs, NameElementsThatExistAndAllPartsOfTheTable) {
    const GatherInputs inputs(sparse_seed, 1000, GatherPattern::random);
    std::vector<int> loads(10, 0);
    for (std::size_t i = 0; i < 1000; ++i) {
        ASSERT_LT(inputs.index(i), 1000U);
        ++loads[inputs.index(i) / 100];
    }
    for (const int of_part : loads) EXPECT_NEAR(of_part, 100, 50);
    EXPECT_EQ(GatherInputs(sparse_seed, 1000, GatherPattern::sequential).index(999), 999U);
}

}  // namespace
}  // namespace passbench
