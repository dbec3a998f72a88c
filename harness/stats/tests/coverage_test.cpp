// Label slow: the intervals hold the truth in at least the stated share of draws, on data where a t interval may not (R9.2,
// R16.3). Seeded, so that a run decides nothing by luck.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"
#include "harness/stats/hodges_lehmann.hpp"
#include "harness/stats/order_statistic.hpp"

namespace passbench {
namespace {

constexpr int draws = 4000;
// Three standard errors of a share of 95 % in 4,000 draws.
const double sampling_error = 3 * std::sqrt(0.95 * 0.05 / draws);

struct Population {
    std::string name;
    std::function<double(Random&)> draw;
    double median;
};

double normal(Random& random) {
    const double radius = std::sqrt(-2 * std::log1p(-random.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

std::vector<Population> populations() {
    return {
        {"normal", [](Random& random) { return normal(random); }, 0.0},
        {"skewed", [](Random& random) { return -std::log1p(-random.uniform()); }, std::numbers::ln2},
        {"bimodal", [](Random& random) { return normal(random) + (random.uniform() < 0.5 ? -3.0 : 3.0); }, 0.0},
        {"with outliers", [](Random& random) { return normal(random) * (random.uniform() < 0.05 ? 20.0 : 1.0); }, 0.0},
    };
}

std::vector<double> sample(const Population& population, std::size_t n, Random& random) {
    std::vector<double> values(n);
    for (double& value : values) value = population.draw(random);
    return values;
}

double share(const std::function<bool()>& covered) {
    int hits = 0;
    for (int draw = 0; draw < draws; ++draw) hits += covered() ? 1 : 0;
    return static_cast<double>(hits) / draws;
}

TEST(QuantileInterval, CoversTheMedianInAtLeastTheStatedShareOfDraws) {
    Random random(11);
    for (const Population& population : populations()) {
        for (const std::size_t n : {6U, 9U, 30U}) {
            const double stated = quantile_ranks(n, 0.5, 0.95)->confidence;
            const double seen = share([&] {
                std::vector<double> values = sample(population, n, random);
                std::sort(values.begin(), values.end());
                const auto interval = quantile_interval(values, 0.5, 0.95);
                return interval->lo <= population.median && population.median <= interval->hi;
            });
            EXPECT_NEAR(seen, stated, sampling_error) << population.name << " n = " << n;
        }
    }
}

// Differences of two draws from one population are symmetric about zero, which is what R9.1 assumes of pairs.
TEST(HodgesLehmannPaired, CoversNoChangeInAtLeastTheStatedShareOfDraws) {
    Random random(12);
    for (const Population& population : populations()) {
        for (const std::size_t n : {6U, 8U, 16U, 24U}) {
            const double seen = share([&] {
                std::vector<double> d = sample(population, n, random);
                const std::vector<double> other = sample(population, n, random);
                for (std::size_t index = 0; index < n; ++index) d[index] -= other[index];
                const auto interval = hodges_lehmann_paired_interval(d, 0.95);
                return interval->lo <= 0 && 0 <= interval->hi;
            });
            EXPECT_GE(seen, 0.95 - sampling_error) << population.name << " n = " << n;
        }
    }
}

TEST(HodgesLehmannUnpaired, CoversTheShiftInAtLeastTheStatedShareOfDraws) {
    Random random(13);
    for (const Population& population : populations()) {
        for (const std::size_t n : {5U, 8U, 24U}) {
            const double seen = share([&] {
                const std::vector<double> x = sample(population, n, random);
                std::vector<double> y = sample(population, n + 1, random);
                for (double& value : y) value += 0.7;
                const auto interval = hodges_lehmann_unpaired_interval(x, y, 0.95, 1);
                return interval->lo <= 0.7 && 0.7 <= interval->hi;
            });
            EXPECT_GE(seen, 0.95 - sampling_error) << population.name << " n = " << n;
        }
    }
}

TEST(HodgesLehmannUnpaired, CoversNoChangeWhereMostValuesAreEqual) {
    Random random(14);
    const Population ticks{"three ticks", [](Random& r) { return std::floor(3 * r.uniform()); }, 1.0};
    int hits = 0;
    constexpr int few_draws = 400;  // each interval takes 9,999 shuffles
    for (int draw = 0; draw < few_draws; ++draw) {
        const std::vector<double> x = sample(ticks, 12, random);
        const std::vector<double> y = sample(ticks, 12, random);
        const auto interval = hodges_lehmann_unpaired_interval(x, y, 0.95, static_cast<std::uint64_t>(draw));
        hits += interval->lo <= 0 && 0 <= interval->hi ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(hits) / few_draws, 0.95 - 3 * std::sqrt(0.95 * 0.05 / few_draws));
}

}  // namespace
}  // namespace passbench
