#include "kernels/cpu/spmv_inputs.hpp"

#include <algorithm>
#include <bit>

#include <fmt/core.h>

#include "harness/core/random.hpp"
#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

namespace {

constexpr std::size_t group_bits = 9;
static_assert(SpmvInputs::rows_a_group == std::size_t{1} << group_bits);
// Nine lengths, each doubling with half the rows, are 9/2 times the shortest in the mean, and the longest row is as many again.
constexpr std::size_t shortest_divisor = 5;

}  // namespace

SpmvInputs::SpmvInputs(std::uint64_t seed, MatrixShape shape)
    : shape_(shape),
      order_key_(derive_seed(seed, "spmv/order")),
      column_key_(derive_seed(seed, "spmv/columns")),
      value_key_(derive_seed(seed, "spmv/values")),
      x_key_(derive_seed(seed, "spmv/x")),
      longest_(rows_a_group * shape.nonzeros) {
    for (std::size_t rank = 1; rank < rows_a_group; ++rank) longest_ -= length_of_rank(rank);
}

std::size_t SpmvInputs::length_of_rank(std::size_t rank) const {
    if (rank == 0) return longest_;
    const auto doublings = group_bits - static_cast<std::size_t>(std::bit_width(rank));
    return (shape_.nonzeros << doublings) / shortest_divisor;
}

void SpmvInputs::fill_row_begins(std::span<std::uint32_t> row_begin, Share rows) const {
    for (std::size_t first = rows.begin; first < rows.end; first += rows_a_group) {
        // A group that is not whole has the length of the mean, as all rows of a banded matrix have.
        const bool has_ranks = shape_.kind == MatrixKind::powerlaw && first + rows_a_group <= shape_.rows;
        const std::size_t twist = pattern_word(order_key_, first) % rows_a_group;
        std::size_t begin = first * shape_.nonzeros;
        const std::size_t last = std::min(first + rows_a_group, rows.end);
        for (std::size_t row = first; row < last; ++row) {
            row_begin[row] = static_cast<std::uint32_t>(begin);
            begin += has_ranks ? length_of_rank((row - first) ^ twist) : shape_.nonzeros;
        }
    }
    if (rows.end == shape_.rows) row_begin[shape_.rows] = static_cast<std::uint32_t>(shape_.elements());
}

std::size_t SpmvInputs::column(std::size_t row, std::size_t begin, std::size_t length, std::size_t j) const {
    if (shape_.kind == MatrixKind::banded) {
        const std::size_t first = row - std::min(row, length / 2);
        return std::min(first, shape_.rows - length) + j;
    }
    // One in each of as many equal parts.
    constexpr unsigned half_bits = 32;
    const std::uint64_t within = ((pattern_word(column_key_, begin + j) >> half_bits) * shape_.rows) >> half_bits;
    return (j * shape_.rows + within) / length;
}

void SpmvInputs::fill_columns(std::size_t row, std::size_t begin, std::span<std::uint32_t> columns) const {
    for (std::size_t j = 0; j < columns.size(); ++j) {
        columns[j] = static_cast<std::uint32_t>(column(row, begin, columns.size(), j));
    }
}

std::int64_t SpmvInputs::right(std::size_t row, std::span<const std::uint32_t> row_begin) const {
    const std::size_t begin = row_begin[row];
    const std::size_t length = row_begin[row + 1] - begin;
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < length; ++j) sum += value(begin + j) * x(column(row, begin, length, j));
    return sum;
}

template <typename T>
Result<void> SpmvInputs::check(ThreadPool& pool, int threads, std::span<const std::uint32_t> row_begin,
                               std::span<const T> y) const {
    const auto wrong = first_wrong(pool, threads, shape_.rows, [&](std::size_t row) {
        return !same_bits(y[row], static_cast<T>(right(row, row_begin)));
    });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("spmv: element {} of {} is {} where {} is right", *wrong, shape_.rows, y[*wrong],
                                     right(*wrong, row_begin)),
                 .fix = wrong_result_fix});
}

template Result<void> SpmvInputs::check(ThreadPool& pool, int threads, std::span<const std::uint32_t> row_begin,
                                        std::span<const float> y) const;
template Result<void> SpmvInputs::check(ThreadPool& pool, int threads, std::span<const std::uint32_t> row_begin,
                                        std::span<const double> y) const;

}  // namespace passbench
