// The numbers of fma, the same for every form: v = odd - v; v = even - v grows a value by even - odd with each pair of steps. All
// are whole and so small that every step is exact, in f32 too, and the result is known without doing the steps.
#pragma once

#include <cstdint>

#include "harness/core/random.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

class FmaInputs {
public:
    explicit FmaInputs(std::uint64_t seed) : key_(derive_seed(seed, "fma")) {}

    /// What accumulator i begins with: 1 to 1024.
    [[nodiscard]] std::int64_t start(std::size_t i) const { return pattern_number(key_, i); }
    /// What the two steps of a lane add: 1 to 4, and that plus 1 to 4.
    [[nodiscard]] std::int64_t odd(std::size_t lane) const {
        return 1 + static_cast<std::int64_t>(pattern_word(~key_, lane) & 3U);
    }
    [[nodiscard]] std::int64_t even(std::size_t lane) const { return odd(lane) + growth(lane); }
    /// Accumulator i of this lane after `pairs` pairs of steps. Exact below 2^24 in f32: at most 2^10 + 4 * pairs.
    [[nodiscard]] std::int64_t result(std::size_t i, std::size_t lane, std::int64_t pairs) const {
        return start(i) + pairs * growth(lane);
    }

private:
    static constexpr std::size_t most_lanes = 64;  // so that the two sequences share no word

    [[nodiscard]] std::int64_t growth(std::size_t lane) const {
        return 1 + static_cast<std::int64_t>(pattern_word(~key_, most_lanes + lane) & 3U);
    }

    std::uint64_t key_;
};

}  // namespace passbench
