// Comparing many results by the threads that made them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "harness/core/thread_pool.hpp"

namespace passbench {

/// The lowest index in [0, count) for which `is_wrong(index)` holds; all of them are looked at up to the first in each share.
template <typename IsWrong>
[[nodiscard]] std::optional<std::size_t> first_wrong(ThreadPool& pool, int threads, std::size_t count,
                                                     const IsWrong& is_wrong) {
    std::vector<std::size_t> firsts(static_cast<std::size_t>(threads), count);
    pool.run(threads, [&](int worker) {
        const Share share = share_of(count, worker, threads);
        for (std::size_t index = share.begin; index < share.end; ++index) {
            if (!is_wrong(index)) continue;
            firsts[static_cast<std::size_t>(worker)] = index;
            return;
        }
    });
    const std::size_t first = *std::ranges::min_element(firsts);
    return first == count ? std::nullopt : std::optional(first);
}

/// So that a NaN is no right result and -0 is not 0.
template <typename T>
[[nodiscard]] bool same_bits(T left, T right) {
    using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
    return std::bit_cast<Bits>(left) == std::bit_cast<Bits>(right);
}

/// What to do about a wrong result, whatever the workload.
inline constexpr const char* wrong_result_fix =
    "A processor or memory that gives wrong results must not be measured: test both (memtest86+, dmesg) and try again.";

}  // namespace passbench
