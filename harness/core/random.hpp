// Random numbers that are the same on every machine and with every standard library: made from the bits of mt19937_64
// alone, because std::shuffle and std::*_distribution are not specified bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace passbench {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    [[nodiscard]] std::uint64_t bits() { return engine_(); }
    /// Uniform in [0, bound), without bias (rejection); bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1) from the upper 53 bits (R8.5).
    [[nodiscard]] double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }

    /// Fisher-Yates from the back.
    template <typename T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t count = values.size(); count > 1; --count) {
            std::swap(values[count - 1], values[static_cast<std::size_t>(below(count))]);
        }
    }

private:
    std::mt19937_64 engine_;
};

/// A seed of its own for a named purpose, so that adding one use of randomness never changes another: the first 8 bytes of
/// SHA-256("seed/purpose"), little-endian.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose);

}  // namespace passbench
