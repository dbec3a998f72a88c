// What the two halves of duplex do and how it is checked, the same for every form: a copy, and another copy or arithmetic. All
// results lie in one place, first those of the copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/copy_inputs.hpp"

namespace passbench {

// Knuth's choice of a multiplier and an addend for a sequence of full period modulo 2^32 (Numerical Recipes, ranqd1).
inline constexpr std::uint32_t duplex_factor = 1664525;
inline constexpr std::uint32_t duplex_addend = 1013904223;

class DuplexInputs {
public:
    explicit DuplexInputs(std::uint64_t seed);

    /// What the one copy carries, and the other.
    [[nodiscard]] const CopyInputs& first() const { return first_; }
    [[nodiscard]] const CopyInputs& second() const { return second_; }
    /// Where the i-th chain of the arithmetic begins; each step is value x duplex_factor + duplex_addend.
    [[nodiscard]] std::uint32_t start(std::size_t i) const;

    /// Error `verify_failed` naming the first wrong place. The first `copied` bytes are of the copy, the rest of the other one.
    [[nodiscard]] Result<void> check_copies(ThreadPool& pool, std::span<const std::byte> results,
                                            std::size_t copied) const;
    /// The same, the rest being the chains' values after so many steps.
    [[nodiscard]] Result<void> check_compute(ThreadPool& pool, std::span<const std::byte> results, std::size_t copied,
                                             std::uint64_t steps) const;

private:
    std::uint64_t key_;
    CopyInputs first_;
    CopyInputs second_;
};

/// A step's length in bytes of a copy: with it both halves take about as long.
[[nodiscard]] std::uint32_t duplex_steps(std::size_t bytes, std::size_t bytes_a_step);

/// (first alone + second alone - both) / the shorter one, in millionths.
[[nodiscard]] std::int64_t overlap_ppm(double first_ns, double second_ns, double both_ns);

}  // namespace passbench
