#include "kernels/bench/compare.hpp"

#include <algorithm>

#include "harness/core/clock.hpp"

namespace passbench {

std::vector<TimedWay> time_in_turns(std::span<const Way> ways, int rounds) {
    std::vector<TimedWay> result;
    result.reserve(ways.size());
    for (const Way& way : ways) {
        way.once();
        result.push_back({.name = way.name, .ns = {}});
    }
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < ways.size(); ++i) {
            const std::int64_t begin = steady_ns();
            ways[i].once();
            result[i].ns.push_back(static_cast<double>(steady_ns() - begin));
        }
    }
    return result;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double median_speed(const TimedWay& fast, const TimedWay& slow) {
    std::vector<double> ratios(fast.ns.size());
    for (std::size_t round = 0; round < ratios.size(); ++round) ratios[round] = slow.ns[round] / fast.ns[round];
    return median(std::move(ratios));
}

}  // namespace passbench
