#include "kernels/bench/compare.hpp"

#include <numeric>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/random.hpp"
#include "harness/stats/order_statistic.hpp"

namespace passbench {

namespace {

constexpr std::uint64_t order_seed = 1;

template <typename Compare>
double median_of_rounds(const TimedWay& fast, const TimedWay& slow, const Compare& compare) {
    std::vector<double> values(fast.ns.size());
    for (std::size_t round = 0; round < values.size(); ++round) values[round] = compare(fast.ns[round], slow.ns[round]);
    return *median(std::move(values));
}

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

double median_ns(const TimedWay& way) { return *median(way.ns); }

double median_speed(const TimedWay& fast, const TimedWay& slow) {
    return median_of_rounds(fast, slow, [](double fast_ns, double slow_ns) { return slow_ns / fast_ns; });
}

double median_difference_ns(const TimedWay& fast, const TimedWay& slow) {
    return median_of_rounds(fast, slow, [](double fast_ns, double slow_ns) { return slow_ns - fast_ns; });
}

}  // namespace passbench
