// Hodges and Lehmann's estimate of a shift and its interval, from the order statistics of all pairs (R9.1 paired, R9.2
// unpaired). Safe for skewed and heavy-tailed values where a t interval is not. Values are logs of times or rates; the
// caller turns the shift back into a ratio.
#pragma once

#include <cstdint>
#include <span>

#include "harness/core/result.hpp"
#include "harness/stats/order_statistic.hpp"

namespace passbench {

/// R9.1: the median of the K(K+1)/2 Walsh averages (d_i + d_j) / 2, i <= j. Error `usage` for no or non-finite differences,
/// `unsupported` beyond 1,000.
[[nodiscard]] Result<double> hodges_lehmann_paired(std::span<const double> differences);

/// R9.1: [A_(k), A_(M-k+1)] with k from the exact distribution of W. Also Error `unsupported`, with the number of pairs that
/// would do, where no interval of this confidence exists.
[[nodiscard]] Result<Interval> hodges_lehmann_paired_interval(std::span<const double> differences, double confidence);

/// R9.2: the median of all y_j - x_i. Error `usage` for no or non-finite values, `unsupported` beyond 10^7 pairs.
[[nodiscard]] Result<double> hodges_lehmann_unpaired(std::span<const double> x, std::span<const double> y);

/// R9.2: [D_(k), D_(nm-k+1)]. More than 20 % equal values: k from shuffles seeded with `seed`. Also Error `unsupported` where
/// no interval of this confidence exists.
[[nodiscard]] Result<Interval> hodges_lehmann_unpaired_interval(std::span<const double> x, std::span<const double> y,
                                                                double confidence, std::uint64_t seed);

}  // namespace passbench
