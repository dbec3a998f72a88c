// The median, quantiles, and intervals for a quantile from n independent values by exact binomial ranks (R7.2, R8.1). They
// assume nothing about the distribution and are honest for n >= 6. Not for latencies under load, which are not
// independent (R8.3).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

struct Interval {
    double lo;
    double hi;
    double confidence;  // the exact coverage of the ranks that were used, at least what was asked for
};

/// Ranks from 1 of the two order statistics that bound a quantile, and their exact coverage.
struct RankPair {
    std::size_t lower;
    std::size_t upper;
    double confidence;
};

/// R7.2: l = max{ j : P(B <= j-1) <= a/2 }, u = min{ j : P(B >= j) <= a/2 }, B ~ Bin(n, p), a = 1 - confidence. Nothing where
/// no pair of ranks reaches the confidence. 0 < p < 1, 0 < confidence < 1.
[[nodiscard]] std::optional<RankPair> quantile_ranks(std::size_t n, double p, double confidence);

/// The smallest n for which quantile_ranks has an answer (R8.2): 6 for the median at 95 %, 368 for the 99th percentile.
[[nodiscard]] std::size_t smallest_sample(double p, double confidence);

/// Interval for the p-quantile of the distribution that `sorted` was drawn from; `sorted` ascending, finite, same unit as the
/// result. Error `usage` if it is empty, not sorted or not finite; `unsupported` with the smallest n that would do if no pair
/// of ranks reaches `confidence`.
[[nodiscard]] Result<Interval> quantile_interval(std::span<const double> sorted, double p, double confidence);

/// Nearest rank (R8.1): from 1, ceil(p n); the one definition of a percentile of observed values.
[[nodiscard]] std::size_t nearest_rank(std::size_t n, double p);

/// The middle value, or the mean of the two in the middle, so that median(-x) = -median(x). Error `usage` if `values` is empty
/// or holds what is not finite.
[[nodiscard]] Result<double> median(std::vector<double> values);

/// Error `usage` naming the first value that is not finite, or `values` being empty.
[[nodiscard]] Result<void> require_finite(std::span<const double> values);

}  // namespace passbench
