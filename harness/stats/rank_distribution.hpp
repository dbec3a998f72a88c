// Exact null distributions of the two rank statistics whose tails give the Hodges-Lehmann intervals: Wilcoxon's signed-rank
// W (R9.1) and Mann and Whitney's U (R9.2). Only the lower tail is ever asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace passbench {

/// k = #{ w : P(W <= w) <= tail }: the rank of the interval's lower end; 0 where even P(W <= 0) exceeds the tail.
struct RankCut {
    std::size_t k;
    double probability;  // P(W <= k - 1), 0 where k is 0
};

/// W of n values without ties: prod over i of (1 + x^i) / 2 (R9.1); n <= largest_signed_rank_sample.
inline constexpr std::size_t largest_signed_rank_sample = 1000;
[[nodiscard]] RankCut signed_rank_cut(std::size_t n, double tail);
/// The smallest n for which signed_rank_cut has k >= 1: 2^-n <= tail.
[[nodiscard]] std::size_t smallest_signed_rank_sample(double tail);

/// U of n and m values without ties: exact (recursion on the last value's side) to nm = 10,000, beyond that
/// k = round(nm/2 - z sqrt(nm(n+m+1)/12)) (R9.2).
inline constexpr std::size_t largest_exact_pairs = 10'000;
[[nodiscard]] RankCut mann_whitney_cut(std::size_t n, std::size_t m, double tail);
/// The smallest n for which mann_whitney_cut(n, n) has k >= 1: 1 / C(2n, n) <= tail.
[[nodiscard]] std::size_t smallest_mann_whitney_sample(double tail);

/// U with midranks where many values are equal: its distribution over 9,999 seeded shuffles of all values (R9.2). k is the
/// largest with P(U < k) <= tail.
[[nodiscard]] RankCut mann_whitney_cut_with_ties(std::span<const double> x, std::span<const double> y, double tail,
                                                 std::uint64_t seed);
/// The share of all values that equal another one.
[[nodiscard]] double tied_share(std::span<const double> x, std::span<const double> y);

}  // namespace passbench
