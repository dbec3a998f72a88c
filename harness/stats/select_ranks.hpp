// Exact order statistics of values that are too many to hold: the bits of the doubles are fixed a digit at a time, one pass
// over the values a digit. Memory is a few counters, whatever the number of values. For descriptive percentiles (R8.1).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

/// Hands every value to `take`, the same values in any order at each call; or fails.
using EachValue = std::function<Result<void>(const std::function<void(double)>& take)>;

/// The values of the given ranks (from 1, each at most the number of values) among all values, which are finite. Passes on
/// the error of `each_value`.
[[nodiscard]] Result<std::vector<double>> select_ranks(const std::vector<std::size_t>& ranks,
                                                       const EachValue& each_value);

}  // namespace passbench
