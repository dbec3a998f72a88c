#include "kernels/cpu/byte_counts.hpp"

#include <xmmintrin.h>

namespace passbench {

namespace {

// Integers that are equal add to the same count: with several tables in turn an addition does not wait for the one before.
constexpr std::size_t tables = 4;
constexpr std::size_t integers_a_turn = 16;
constexpr std::size_t line_bytes = 64;
// Each addition takes several places in the core's window, which so reaches not far ahead: memory is asked for early.
constexpr std::size_t bytes_ahead = 4096;

}  // namespace

Counts count_high_bytes(std::span<const std::uint32_t> integers) {
    alignas(line_bytes) std::uint32_t counts[tables][bins] = {};
    // The byte is loaded alone: a load is cheaper here than a shift.
    const auto* const bytes = reinterpret_cast<const unsigned char*>(integers.data());
    constexpr std::size_t highest = sizeof(std::uint32_t) - 1;
    std::size_t i = 0;
    for (; i + integers_a_turn <= integers.size(); i += integers_a_turn) {
        const unsigned char* const turn = bytes + i * sizeof(std::uint32_t);
        _mm_prefetch(reinterpret_cast<const char*>(turn) + bytes_ahead, _MM_HINT_T0);
#pragma GCC unroll 16
        for (std::size_t k = 0; k < integers_a_turn; ++k) {
            ++counts[k % tables][turn[k * sizeof(std::uint32_t) + highest]];
        }
    }
    for (; i < integers.size(); ++i) ++counts[0][integers[i] >> bin_shift];
    Counts sums{};
    for (std::size_t bin = 0; bin < bins; ++bin) {
        for (const auto& table : counts) sums[bin] += table[bin];
    }
    return sums;
}

}  // namespace passbench
