#include "kernels/bench/compare.hpp"

#include <algorithm>
#include <numeric>

#include "harness/core/clock.hpp"
#include "harness/core/random.hpp"

namespace passbench {

namespace {

constexpr std::uint64_t order_seed = 1;

}  // namespace

std::vector<TimedWay> time_in_turns(std::span<const Way> ways, int rounds) {
    std::vector<TimedWay> result;
    result.reserve(ways.size());
    for (const Way& way : ways) {
        way.once();
        result.push_back({.name = way.name, .ns = {}});
    }
    // In another order each round: what a way leaves in the caches is paid for by the next one.
    std::vector<std::size_t> order(ways.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random(order_seed);
    for (int round = 0; round < rounds; ++round) {
        random.shuffle(order);
        for (const std::size_t i : order) {
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
