// A radix sort of 32-bit keys in parts: the keys are divided by their highest bits, which goes through memory once, and then each
// part is sorted by the lower bits within a core's caches. What to do with whom is up to the caller (sort.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

/// How arrays of a size are sorted.
struct RadixSort {
    std::size_t parts;
    // Each pass over a part goes to the other array and back: an odd number of them begins there.
    bool parts_begin_in_other;
    /// Counts the keys of each part into `counts`.
    void (*count)(std::span<const std::uint32_t> keys, std::uint32_t* counts);
    /// Moves each key to the place of its part, in their order; `places` are the first ones, and the ones behind the last when it
    /// returns. `out` begins at a multiple of 64 bytes.
    void (*divide)(std::span<const std::uint32_t> keys, std::uint32_t* out, std::uint32_t* places, Stores stores);
    /// Sorts a part, which stands in `other` if parts_begin_in_other, else in `sorted`; the other one is of its size. The result
    /// stands in `sorted`, and `other` is lost.
    void (*sort_part)(std::span<std::uint32_t> other, std::span<std::uint32_t> sorted);
};

[[nodiscard]] const RadixSort& radix_sort_of(std::size_t count);

}  // namespace passbench
