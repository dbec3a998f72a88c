// What the host, the loops of each instruction set and the kernels of memtest agree on: what memory is filled with, and how an error
// in it is written down. Plain data, for it is a parameter of kernels and stands in files that may leave no inline function behind.
#pragma once

#include <cstdint>

namespace passbench {

/// So many words in a row are looked at for MemtestContent::place.
inline constexpr std::uint32_t memtest_period = 20;

/// What the 64-bit words of the tested memory hold; they are numbered through all of it. Word i is step * i + (i % 20 == place ? there :
/// elsewhere), modulo 2^64; or, where `is_random` is not 0, the i-th word of SplitMix64 with the key `there`, exclusive-or `elsewhere`.
struct MemtestContent {
    std::uint64_t there;
    std::uint64_t elsewhere;
    std::uint64_t step;
    std::uint32_t place;
    std::uint32_t is_random;
};

/// Added to the sum for each word that is read, so that memory full of zeros which nobody read has another sum than it has to have.
inline constexpr std::uint64_t memtest_salt = 0x9e3779b97f4a7c15ULL;

/// What a read of some words came to.
struct MemtestSeen {
    std::uint64_t sum;    // of the words, each plus memtest_salt; modulo 2^64
    std::uint64_t wrong;  // on a device the number of wrong words; on a CPU all wrong bits
};

/// A word that did not hold what it has to.
struct MemtestError {
    std::uint64_t word;  // its number
    std::uint64_t expected;
    std::uint64_t found;
    std::uint64_t pass;  // the number of the pass that read it
};

/// Of all errors the number is known, and of the first ones what they were.
inline constexpr std::uint64_t memtest_errors_kept = 16;
struct MemtestReport {
    std::uint64_t errors;
    MemtestError first[memtest_errors_kept];
};

}  // namespace passbench
