// The inputs of the workloads over an array of 32-bit integers (reduce, scan, histogram) and what must come out, the same for
// every form. References are plain loops over the integers made anew from the seed, so they need no second copy of the array,
// and an array that was changed is noticed too. sort has inputs of its own (sort_inputs.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

enum class Skew { uniform, skewed };
/// `name` is uniform or skewed.
[[nodiscard]] inline Skew skew_of(std::string_view name) { return name == "skewed" ? Skew::skewed : Skew::uniform; }

inline constexpr std::size_t bins = 256;
inline constexpr unsigned bin_shift = 24;  // the bin of an integer is its highest byte
using Counts = std::array<std::uint32_t, bins>;

struct IntegerInputs {
    std::uint64_t key;
    Skew skew;

    explicit IntegerInputs(std::uint64_t seed, Skew wanted = Skew::uniform)
        : key(derive_seed(seed, "integers")), skew(wanted) {}

    [[nodiscard]] std::uint32_t operator()(std::size_t i) const {
        if (skew == Skew::uniform) return high_half(pattern_word(key, i));
        // A bit is set where it is in four halves, once in 16: (15/16)^8 of all are in bin 0.
        const std::uint64_t both = pattern_word(key, 2 * i) & pattern_word(key, 2 * i + 1);
        return high_half(both) & static_cast<std::uint32_t>(both);
    }
    /// The integers of the share.
    void fill(std::span<std::uint32_t> integers, Share share) const {
        for (std::size_t i = share.begin; i < share.end; ++i) integers[i] = (*this)(i);
    }

    /// Compares with the sum of `count` integers. Error `verify_failed`, as of the others.
    [[nodiscard]] Result<void> check_sum(ThreadPool& pool, int threads, std::size_t count, std::uint64_t found) const;
    /// All inclusive prefix sums of as many integers; the error names the first wrong one.
    [[nodiscard]] Result<void> check_prefix_sums(ThreadPool& pool, int threads,
                                                 std::span<const std::uint64_t> found) const;
    /// The integers of `count` in each bin; the error names the first wrong bin.
    [[nodiscard]] Result<void> check_counts(ThreadPool& pool, int threads, std::size_t count,
                                            std::span<const std::uint32_t> found) const;

private:
    static std::uint32_t high_half(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32U); }
};

}  // namespace passbench
