// Checking matrix products without multiplying matrices: with a vector x of random 64-bit numbers, C = A B must give C x = A (B x), in
// the whole numbers modulo 2^64 (Freivalds, "Probabilistic machines can use less running time", 1977; there with a vector of
// zeros and ones). Every element of C counts: each must be a whole number of a size that can be, and a row with wrong ones passes
// with a probability of at most 2^-42, because a difference of at most 2^21 times a random component is each of at least 2^42
// multiples equally often. The vector is made from the seed, so a check comes out the same each time.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "kernels/cpu/pattern.hpp"

namespace passbench {

/// Above what any element of a product can be (number_matrix.hpp), and below what float holds exactly.
inline constexpr std::int64_t largest_element = std::int64_t{1} << 20;

/// The number that an element holds; nothing where it is none that can be right: a fraction, too large, a NaN, minus zero.
[[nodiscard]] inline std::optional<std::int64_t> whole_number(std::int32_t element) {
    if (element < -largest_element || element > largest_element) return std::nullopt;
    return element;
}
[[nodiscard]] inline std::optional<std::int64_t> whole_number(float element) {
    constexpr auto largest = static_cast<float>(largest_element);
    if (!(element >= -largest && element <= largest)) return std::nullopt;
    const auto number = static_cast<std::int64_t>(element);
    if (static_cast<float>(number) != element || (number == 0 && std::signbit(element))) return std::nullopt;
    return number;
}

/// Component i of the random vector.
[[nodiscard]] inline std::uint64_t random_component(std::uint64_t key, std::size_t i) { return pattern_word(key, i); }

/// The sum of elements times components; nothing where an element is no number that can be right.
template <typename Element>
[[nodiscard]] std::optional<std::uint64_t> fingerprint(std::span<const Element> row, std::span<const std::uint64_t> x) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto number = whole_number(row[i]);
        if (!number) return std::nullopt;
        sum += static_cast<std::uint64_t>(*number) * x[i];
    }
    return sum;
}

}  // namespace passbench
