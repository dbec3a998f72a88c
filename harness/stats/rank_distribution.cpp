#include "harness/stats/rank_distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "harness/core/quantile_functions.hpp"
#include "harness/core/random.hpp"

namespace passbench {
namespace {

// As in order_statistic.cpp: 2 / 2^6 and a level of 1/32 are equal on paper, rounding must not decide.
constexpr double counting_slack = 1e-12;
constexpr int shuffles = 9'999;

/// How many leading outcomes fit into the tail; `probabilities` is the lower half of a distribution.
RankCut cut(const std::vector<double>& probabilities, double tail) {
    RankCut result{0, 0.0};
    for (const double probability : probabilities) {
        const double next = result.probability + probability;
        if (next > tail * (1 + counting_slack)) break;
        result = {result.k + 1, next};
    }
    return result;
}

double binomial_coefficient(std::size_t n, std::size_t k) {
    double value = 1.0;
    for (std::size_t step = 1; step <= k; ++step) {
        value = value * static_cast<double>(n - k + step) / static_cast<double>(step);
    }
    return value;
}

/// P(U = u) for u up to nm/2. The number of ways to reach u is the number of partitions of u into at most n parts of at most
/// m; `ways[parts][sum]` grows by one part size at a time. Sums of positive numbers only: no cancellation.
std::vector<double> mann_whitney_lower_half(std::size_t n, std::size_t m) {
    const std::size_t parts = std::min(n, m);
    const std::size_t largest_part = std::max(n, m);
    const std::size_t half = n * m / 2;
    std::vector<std::vector<double>> ways(parts + 1, std::vector<double>(half + 1, 0.0));
    ways[0][0] = 1.0;
    for (std::size_t part = 1; part <= std::min(largest_part, half); ++part) {
        for (std::size_t count = 1; count <= parts; ++count) {
            for (std::size_t sum = part; sum <= half; ++sum) ways[count][sum] += ways[count - 1][sum - part];
        }
    }
    const double all = binomial_coefficient(n + m, parts);
    std::vector<double> probabilities(half + 1, 0.0);
    for (const auto& of_count : ways) {
        for (std::size_t sum = 0; sum <= half; ++sum) probabilities[sum] += of_count[sum] / all;
    }
    return probabilities;
}

/// Midranks from 1 of `values`, which are ascending, twice over so that they stay integers.
std::vector<std::int64_t> doubled_midranks(const std::vector<double>& sorted) {
    std::vector<std::int64_t> ranks(sorted.size());
    for (std::size_t begin = 0; begin < sorted.size();) {
        std::size_t end = begin;
        while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
        for (std::size_t index = begin; index < end; ++index) ranks[index] = static_cast<std::int64_t>(begin + 1 + end);
        begin = end;
    }
    return ranks;
}

std::vector<double> pooled_ascending(std::span<const double> x, std::span<const double> y) {
    std::vector<double> pooled(x.begin(), x.end());
    pooled.insert(pooled.end(), y.begin(), y.end());
    std::sort(pooled.begin(), pooled.end());
    return pooled;
}

}  // namespace

RankCut signed_rank_cut(std::size_t n, double tail) {
    assert(n >= 1 && n <= largest_signed_rank_sample);
    const std::size_t half = n * (n + 1) / 4;
    std::vector<double> probabilities(half + 1, 0.0);
    probabilities[0] = 1.0;
    for (std::size_t rank = 1; rank <= n; ++rank) {
        for (std::size_t sum = half + 1; sum-- > 0;) {
            const double with_rank = sum >= rank ? probabilities[sum - rank] : 0.0;
            probabilities[sum] = (probabilities[sum] + with_rank) / 2;
        }
    }
    return cut(probabilities, tail);
}

std::size_t smallest_signed_rank_sample(double tail) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(-std::log2(tail) * (1 - counting_slack))));
}

RankCut mann_whitney_cut(std::size_t n, std::size_t m, double tail) {
    assert(n >= 1 && m >= 1);
    if (n * m <= largest_exact_pairs) return cut(mann_whitney_lower_half(n, m), tail);
    const double pairs = static_cast<double>(n) * static_cast<double>(m);
    const double sd = std::sqrt(pairs * static_cast<double>(n + m + 1) / 12);
    const double k = std::round(pairs / 2 - normal_quantile(1 - tail) * sd);
    if (k < 1) return {0, 0.0};
    return {static_cast<std::size_t>(k), tail};
}

std::size_t smallest_mann_whitney_sample(double tail) {
    std::size_t n = 1;
    while (1 / binomial_coefficient(2 * n, n) > tail * (1 + counting_slack)) ++n;
    return n;
}

RankCut mann_whitney_cut_with_ties(std::span<const double> x, std::span<const double> y, double tail,
                                   std::uint64_t seed) {
    std::vector<std::int64_t> ranks = doubled_midranks(pooled_ascending(x, y));
    const auto n = static_cast<std::int64_t>(x.size());
    const std::int64_t smallest_sum = n * (n + 1);  // twice 1 + .. + n
    Random random(seed);
    std::vector<std::int64_t> doubled_u(shuffles);
    for (auto& u : doubled_u) {
        random.shuffle(ranks);
        u = std::accumulate(ranks.begin(), ranks.begin() + n, std::int64_t{0}) - smallest_sum;
    }
    std::sort(doubled_u.begin(), doubled_u.end());
    // P(U < k) <= tail as long as at most `allowed` of the shuffles, and the observed order (R15.3: b+1 of m+1), lie below k.
    const auto allowed = static_cast<std::int64_t>(tail * (1 + counting_slack) * (shuffles + 1)) - 1;
    if (allowed < 0) return {0, 0.0};
    const auto k = static_cast<std::size_t>(doubled_u[static_cast<std::size_t>(allowed)] / 2);
    const auto below = std::lower_bound(doubled_u.begin(), doubled_u.end(), static_cast<std::int64_t>(2 * k));
    if (k == 0) return {0, 0.0};
    return {k, static_cast<double>(below - doubled_u.begin() + 1) / (shuffles + 1)};
}

double tied_share(std::span<const double> x, std::span<const double> y) {
    const std::vector<double> pooled = pooled_ascending(x, y);
    std::size_t tied = 0;
    for (std::size_t index = 0; index < pooled.size(); ++index) {
        const bool like_previous = index > 0 && pooled[index] == pooled[index - 1];
        const bool like_next = index + 1 < pooled.size() && pooled[index] == pooled[index + 1];
        if (like_previous || like_next) ++tied;
    }
    return pooled.empty() ? 0.0 : static_cast<double>(tied) / static_cast<double>(pooled.size());
}

}  // namespace passbench
