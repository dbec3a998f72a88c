// How a rate changes while the same work goes on: what a burn is about. Times of equal pieces of work, in their order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>

namespace passbench {

/// The rate over the last tenth of the pieces by that over the first: under 1 where the work has become slower. 1 where there are none.
[[nodiscard]] inline double drift_of(std::span<const double> times) {
    const std::size_t tenth = std::max<std::size_t>(1, times.size() / 10);
    if (times.size() < 2 * tenth) return 1;
    const auto sum = [](std::span<const double> some) { return std::accumulate(some.begin(), some.end(), 0.0); };
    const double last = sum(times.last(tenth));
    return last > 0 ? sum(times.first(tenth)) / last : 1;
}

inline constexpr double parts_a_million = 1e6;

}  // namespace passbench
