// What tiny-kernels does, the same for every form: step s makes each element its neighbour on the right taken from an addend, the last
// one's neighbour being the first: out[i] = addend(s) - in[i + 1]. So each kernel needs all of the one before, and two of them
// shift the elements by two and make them grow by the same amount: what must come out is known without doing the steps. All
// numbers are whole and so small that every step is exact in f32.
#pragma once

#include <cstdint>
#include <span>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

class TinyKernelsInputs {
public:
    TinyKernelsInputs(std::uint64_t seed, std::size_t elements)
        : key_(derive_seed(seed, "tiny-kernels")),
          elements_(elements),
          odd_(1 + static_cast<std::int64_t>(pattern_word(~key_, 0) & 3U)),
          growth_(1 + static_cast<std::int64_t>(pattern_word(~key_, 1) & 3U)) {}

    /// What element i begins with: 1 to 1024.
    [[nodiscard]] std::int64_t start(std::size_t i) const { return pattern_number(key_, i); }
    /// Of step 0, 1, 2 ...
    [[nodiscard]] float addend(std::int64_t step) const {
        return static_cast<float>(step % 2 == 0 ? odd_ : odd_ + growth_);
    }
    /// Element i after so many steps: below 2^24 for 2^20 of them.
    [[nodiscard]] std::int64_t result(std::size_t i, std::int64_t steps) const {
        const std::int64_t grown = start((i + static_cast<std::size_t>(steps)) % elements_) + steps / 2 * growth_;
        return steps % 2 == 0 ? grown : odd_ - grown;
    }
    /// Compares all elements. Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(std::span<const float> results, std::int64_t steps) const;

private:
    std::uint64_t key_;
    std::size_t elements_;
    std::int64_t odd_;
    std::int64_t growth_;
};

}  // namespace passbench
