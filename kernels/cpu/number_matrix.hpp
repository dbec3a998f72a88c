// A matrix of small whole numbers that follows from a key alone: every form of the matrix products has the same one, any thread can
// make any row of it in any type, and a check needs no second copy. The numbers go from -8 to 7: all precisions down to 8-bit
// integers hold them, and no sum of 8192 products leaves 2^19, so that every product of such matrices is exact in whatever order
// it is added up, in float too, and is compared bit for bit.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/pattern.hpp"

namespace passbench {

inline constexpr int smallest_number = -8;
inline constexpr std::size_t different_numbers = 16;

/// Each of the numbers as the type that memory holds it in.
template <typename T>
using NumberTable = std::array<T, different_numbers>;

/// `make(number)` for each.
template <typename T, typename Make>
[[nodiscard]] constexpr NumberTable<T> number_table(const Make& make) {
    NumberTable<T> table{};
    for (std::size_t i = 0; i < different_numbers; ++i) table[i] = make(smallest_number + static_cast<int>(i));
    return table;
}

class NumberMatrix {
public:
    NumberMatrix(std::uint64_t key, std::size_t columns)
        : key_(key), columns_(columns), words_a_row_((columns + numbers_a_word - 1) / numbers_a_word) {}

    [[nodiscard]] std::size_t columns() const { return columns_; }

    [[nodiscard]] std::int64_t at(std::size_t row, std::size_t column) const {
        return smallest_number +
               static_cast<std::int64_t>((word(row, column / numbers_a_word) >> shift(column % numbers_a_word)) & mask);
    }

    /// `take(column, number)` for each column of a row, in their order.
    template <typename Take>
    void each_of_row(std::size_t row, const Take& take) const {
        each_index_of_row(row, [&](std::size_t column, std::size_t index) {
            take(column, smallest_number + static_cast<std::int64_t>(index));
        });
    }

    /// A row as memory holds it: the numbers, then zeros to the end of `to`.
    template <typename T>
    void fill_row(std::size_t row, std::span<T> to, const NumberTable<T>& numbers) const {
        each_index_of_row(row, [&](std::size_t column, std::size_t index) { to[column] = numbers[index]; });
        std::fill(to.begin() + static_cast<std::ptrdiff_t>(columns_), to.end(), T{});
    }

private:
    static constexpr std::size_t bits_a_number = 4;
    static constexpr std::size_t numbers_a_word = 64 / bits_a_number;
    static constexpr std::uint64_t mask = different_numbers - 1;

    static unsigned shift(std::size_t place) { return static_cast<unsigned>(place * bits_a_number); }
    [[nodiscard]] std::uint64_t word(std::size_t row, std::size_t i) const {
        return pattern_word(key_, row * words_a_row_ + i);
    }

    template <typename Take>
    void each_index_of_row(std::size_t row, const Take& take) const {
        for (std::size_t first = 0; first < columns_; first += numbers_a_word) {
            std::uint64_t left = word(row, first / numbers_a_word);
            const std::size_t end = std::min(columns_, first + numbers_a_word);
            for (std::size_t column = first; column < end; ++column) {
                take(column, static_cast<std::size_t>(left & mask));
                left >>= bits_a_number;
            }
        }
    }

    std::uint64_t key_;
    std::size_t columns_;
    std::size_t words_a_row_;
};

}  // namespace passbench
