// The inputs of spmv and what must come out, the same for every form: a square sparse matrix by rows (CSR) and a vector. Values
// and vector are whole numbers from 1 to 16 and no row is longer than 65,536, so every
// sum is exact even in f32. Lengths depend on the parameters, and where they stand on the seed: all matrices of the same
// parameters have rows x nonzeros elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

enum class MatrixKind { banded, powerlaw };
/// `name` is banded or powerlaw.
[[nodiscard]] inline MatrixKind matrix_kind_of(std::string_view name) {
    return name == "banded" ? MatrixKind::banded : MatrixKind::powerlaw;
}

/// What a matrix of this kind is given.
struct MatrixShape {
    MatrixKind kind;
    std::size_t rows;      // at least the nonzeros of a row; so many columns too
    std::size_t nonzeros;  // of a row, in the mean
    [[nodiscard]] std::size_t elements() const { return rows * nonzeros; }
};

class SpmvInputs {
public:
    // Rows come in groups; of a group half the rows have the shortest length, a quarter twice that, and so on.
    static constexpr std::size_t rows_a_group = 512;

    SpmvInputs(std::uint64_t seed, MatrixShape shape);

    /// Where the rows of the share begin, which begins at a multiple of rows_a_group; and where the last one of all ends.
    void fill_row_begins(std::span<std::uint32_t> row_begin, Share rows) const;
    /// The columns of one row, ascending, given where its elements begin.
    void fill_columns(std::size_t row, std::size_t begin, std::span<std::uint32_t> columns) const;
    [[nodiscard]] std::int64_t value(std::size_t element) const { return small_number(value_key_, element); }
    [[nodiscard]] std::int64_t x(std::size_t column) const { return small_number(x_key_, column); }

    /// Compares all elements of y; `row_begin` as filled. Error `verify_failed` naming the first wrong one.
    template <typename T>
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::uint32_t> row_begin,
                                     std::span<const T> y) const;

private:
    static std::int64_t small_number(std::uint64_t key, std::size_t i) {
        return 1 + static_cast<std::int64_t>(pattern_word(key, i) & 15U);
    }
    [[nodiscard]] std::size_t column(std::size_t row, std::size_t begin, std::size_t length, std::size_t j) const;
    [[nodiscard]] std::size_t length_of_rank(std::size_t rank) const;
    [[nodiscard]] std::int64_t right(std::size_t row, std::span<const std::uint32_t> row_begin) const;

    MatrixShape shape_;
    std::uint64_t order_key_;
    std::uint64_t column_key_;
    std::uint64_t value_key_;
    std::uint64_t x_key_;
    std::size_t longest_;  // of a group: what the other rows leave
};

}  // namespace passbench
