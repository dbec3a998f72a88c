// The words of managed: what is in memory before, and what each side adds to them, so that the result tells how often it was done.
#pragma once

#include <cstdint>

#include "harness/core/random.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

class ManagedInputs {
public:
    explicit ManagedInputs(std::uint64_t seed) : key_(derive_seed(seed, "managed")) {}

    [[nodiscard]] std::uint64_t start(std::size_t i) const { return pattern_word(key_, i); }
    /// Odd, so that no number of additions comes back to the start.
    [[nodiscard]] std::uint64_t step() const { return pattern_word(~key_, 0) | 1U; }
    [[nodiscard]] std::uint64_t result(std::size_t i, std::uint64_t additions) const {
        return start(i) + additions * step();
    }

private:
    std::uint64_t key_;
};

}  // namespace passbench
