// The inputs of stream: whole numbers from 1 to 1024 in doubles, so that every operation, even a dot product in whatever
// order, is exact and is compared bit for bit.
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/core/random.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

inline constexpr double stream_scalar = 3.0;  // STREAM's

struct StreamInputs {
    std::uint64_t x_key;
    std::uint64_t y_key;

    explicit StreamInputs(std::uint64_t seed)
        : x_key(derive_seed(seed, "stream/x")), y_key(derive_seed(seed, "stream/y")) {}
    [[nodiscard]] std::int64_t x(std::size_t i) const { return pattern_number(x_key, i); }
    [[nodiscard]] std::int64_t y(std::size_t i) const { return pattern_number(y_key, i); }
};

}  // namespace passbench
