// The operands of the burn kernels and what must come out: whole numbers by the seed, and sums of their products by plain integers on
// the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/core/random.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

enum class BurnPrecision : std::uint8_t { f32, f16 };

class BurnInputs {
public:
    explicit BurnInputs(std::uint64_t seed)
        : left_key_(derive_seed(seed, "burn/left")), right_key_(derive_seed(seed, "burn/right")) {}

    /// The i-th left operand of all blocks together, -3 to 3, and the i-th right one, -1 or 1.
    [[nodiscard]] int left(std::size_t i) const { return static_cast<int>(pattern_word(left_key_, i) % 7) - 3; }
    [[nodiscard]] int right(std::size_t i) const { return (pattern_word(right_key_, i) & 1U) == 0 ? -1 : 1; }

    /// All results of so many blocks after so many rounds, into `results`, which has a place for each.
    void fill_right(BurnPrecision precision, unsigned rounds, std::span<float> results, ThreadPool& pool) const;

private:
    std::uint64_t left_key_;
    std::uint64_t right_key_;
};

}  // namespace passbench
