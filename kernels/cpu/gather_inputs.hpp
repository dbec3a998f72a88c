// The inputs of gather and what must come out, the same for every form: a table of 64-bit words, and which of them is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

enum class GatherPattern { random, sequential };
/// `name` is random or sequential.
[[nodiscard]] inline GatherPattern gather_pattern_of(std::string_view name) {
    return name == "random" ? GatherPattern::random : GatherPattern::sequential;
}

struct GatherInputs {
    std::uint64_t table_key;
    std::uint64_t index_key;
    std::size_t elements;  // of the table, at most 2^29
    GatherPattern pattern;

    GatherInputs(std::uint64_t seed, std::size_t of_table, GatherPattern wanted)
        : table_key(derive_seed(seed, "gather/table")),
          index_key(derive_seed(seed, "gather/indices")),
          elements(of_table),
          pattern(wanted) {}

    [[nodiscard]] std::uint64_t element(std::size_t i) const { return pattern_word(table_key, i); }
    /// Which element the i-th load wants.
    [[nodiscard]] std::uint32_t index(std::size_t i) const {
        if (pattern == GatherPattern::sequential) return static_cast<std::uint32_t>(i);
        constexpr unsigned half_bits = 32;
        return static_cast<std::uint32_t>(((pattern_word(index_key, i) >> half_bits) * elements) >> half_bits);
    }
    /// Compares the results of all loads. Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::uint64_t> found) const;
};

/// A load that wants one element at random moves a whole line of a CPU's caches, of which it uses 8 bytes; indices and results are
/// in order.
inline constexpr int gather_used_bytes = 4 + 8 + 8;
inline constexpr int gather_line_bytes = 4 + 64 + 8;

}  // namespace passbench
