// What memtest writes and has to find, the same for every form: the passes of each pattern, every word of them by its number alone,
// and the sums by which it is known that all of them were read.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/cpu/memtest_shape.hpp"

namespace passbench {

inline constexpr std::array<std::string_view, 5> memtest_patterns = {"address", "inversions", "random", "modulo20",
                                                                     "fade"};

/// Once over all memory, word after word: what was there is compared, then the next is written.
struct MemtestPass {
    std::optional<MemtestContent> expected;
    std::optional<MemtestContent> written;
    bool rests = false;  // the memory is left alone for a while before
};

/// `pattern` is one of memtest_patterns. The first pass only writes; the last two only read, the same: the second read.
[[nodiscard]] std::vector<MemtestPass> memtest_passes(std::string_view pattern, std::uint64_t seed);

/// Word number `i`.
[[nodiscard]] std::uint64_t memtest_word(const MemtestContent& content, std::uint64_t i);
/// What MemtestSeen::sum has to be after reading the words [begin, end).
[[nodiscard]] std::uint64_t memtest_sum(const MemtestContent& content, std::uint64_t begin, std::uint64_t end);

/// Some of `words` words of which a few bits are turned over on purpose, so that it is known that an error would be found: the first
/// one, the last one, and three between, ascending. `words` is at least 64.
struct PlantedError {
    std::uint64_t word;
    std::uint64_t bits;
};
[[nodiscard]] std::array<PlantedError, 5> memtest_planted(std::uint64_t seed, std::uint64_t words);

}  // namespace passbench
