// Seeded inputs that any thread can make or check any part of: the i-th value depends on the key and i alone, so memory is
// filled and compared by the workers that use it, and a reference needs no second copy of the inputs.
#pragma once

#include <cstdint>

namespace passbench {

/// The i-th 64-bit word of `key`: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
[[nodiscard]] inline std::uint64_t pattern_word(std::uint64_t key, std::uint64_t i) {
    std::uint64_t word = key + (i + 1) * 0x9e3779b97f4a7c15ULL;
    word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    word = (word ^ (word >> 27U)) * 0x94d049bb133111ebULL;
    return word ^ (word >> 31U);
}

/// The i-th whole number of `key`, from 1 to 1024: sums and products of a few of them are exact in a double.
[[nodiscard]] inline std::int64_t pattern_number(std::uint64_t key, std::uint64_t i) {
    return 1 + static_cast<std::int64_t>(pattern_word(key, i) & 1023U);
}

}  // namespace passbench
