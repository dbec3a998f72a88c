#include "kernels/cpu/gemm_way.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <vector>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

/// So many runs in a row that they are long enough for the clock.
struct Repeats {
    const GemmWay& way;
    std::int64_t count = 1;
    double best_ns = std::numeric_limits<double>::infinity();  // of one run

    explicit Repeats(const GemmWay& tried) : way(tried) {
        constexpr std::int64_t long_enough_ns = 200'000;
        way.run();
        count = std::max<std::int64_t>(1, long_enough_ns / std::max<std::int64_t>(1, time()));
    }

    /// What all of them took.
    std::int64_t time() {
        const std::int64_t begin = steady_ns();
        for (std::int64_t i = 0; i < count; ++i) way.run();
        const std::int64_t ns = steady_ns() - begin;
        best_ns = std::min(best_ns, static_cast<double>(ns) / static_cast<double>(count));
        return ns;
    }
};

}  // namespace

TriedWays try_ways(std::span<const GemmWay> ways, double flops) {
    assert(!ways.empty());
    constexpr std::int64_t enough_ns = 300'000'000;  // a way
    constexpr int fewest_rounds = 3;
    constexpr int most_rounds = 25;
    std::vector<Repeats> tried(ways.begin(), ways.end());
    // In turn: a machine that is slow for a while is so for all of them.
    std::int64_t left_ns = enough_ns * static_cast<std::int64_t>(ways.size());
    for (int round = 0; round < most_rounds && (round < fewest_rounds || left_ns > 0); ++round) {
        for (Repeats& repeats : tried) left_ns -= repeats.time();
    }
    TriedWays result = {.fastest = 0, .text = {}};
    for (std::size_t i = 0; i < ways.size(); ++i) {
        constexpr double ns_a_second = 1e9;
        result.text += fmt::format("{}{} {} {}", i == 0 ? "" : ", ", ways[i].library, ways[i].how,
                                   format_value(flops / tried[i].best_ns * ns_a_second, "FLOP/s"));
        if (tried[i].best_ns < tried[result.fastest].best_ns) result.fastest = i;
    }
    return result;
}

}  // namespace passbench
