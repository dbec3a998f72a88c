#include "kernels/cpu/gemm_way.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

/// The best of a few runs, each long enough for the clock.
double best_ns(const GemmWay& way) {
    constexpr std::int64_t long_enough_ns = 200'000;
    constexpr int most_runs = 5;
    constexpr std::int64_t enough_ns = 50'000'000;
    way.run();
    std::int64_t begin = steady_ns();
    way.run();
    const std::int64_t once_ns = std::max<std::int64_t>(1, steady_ns() - begin);
    const std::int64_t repeats = std::max<std::int64_t>(1, long_enough_ns / once_ns);
    auto best = static_cast<double>(once_ns);
    std::int64_t spent_ns = once_ns;
    for (int i = 0; i < most_runs && spent_ns < enough_ns; ++i) {
        begin = steady_ns();
        for (std::int64_t repeat = 0; repeat < repeats; ++repeat) way.run();
        const std::int64_t ns = steady_ns() - begin;
        best = std::min(best, static_cast<double>(ns) / static_cast<double>(repeats));
        spent_ns += ns;
    }
    return best;
}

}  // namespace

TriedWays try_ways(std::span<const GemmWay> ways, double flops) {
    assert(!ways.empty());
    TriedWays tried = {.fastest = 0, .text = {}};
    double fastest_ns = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const double ns = best_ns(ways[i]);
        constexpr double ns_a_second = 1e9;
        tried.text += fmt::format("{}{} {} {}", i == 0 ? "" : ", ", ways[i].library, ways[i].how,
                                  format_value(flops / ns * ns_a_second, "FLOP/s"));
        if (ns >= fastest_ns) continue;
        fastest_ns = ns;
        tried.fastest = i;
    }
    return tried;
}

}  // namespace passbench
