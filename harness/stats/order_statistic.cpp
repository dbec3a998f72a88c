#include "harness/stats/order_statistic.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>
#include <string>

namespace passbench {
namespace {

// Ranks are decided by comparing a probability with a/2; where both are equal on paper (n = 6, a = 1/32) rounding must not
// decide, so the comparison allows for it.
constexpr double rounding_slack = 1e-12;

// ln(n!), by Stirling's series beyond 20 (next term below 1e-15 there). std::lgamma writes a global sign.
double log_factorial(std::size_t n) {
    double exact = 1.0;
    if (n <= 20) {
        for (std::size_t factor = 2; factor <= n; ++factor) exact *= static_cast<double>(factor);
        return std::log(exact);
    }
    const double x = static_cast<double>(n);
    const double r = 1.0 / (x * x);
    const double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / x;
    return x * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi * x) + series;
}

double binomial_probability(std::size_t n, std::size_t k, double p) {
    const double log_count = log_factorial(n) - log_factorial(k) - log_factorial(n - k);
    return std::exp(log_count + static_cast<double>(k) * std::log(p) + static_cast<double>(n - k) * std::log1p(-p));
}

struct Tail {
    std::size_t count;   // how many leading outcomes fit
    double probability;  // their total
};

/// The most leading outcomes 0, 1, .. of Bin(n, p) whose total probability is at most `limit`.
Tail lower_tail(std::size_t n, double p, double limit) {
    Tail tail{0, 0.0};
    while (tail.count <= n) {
        const double next = tail.probability + binomial_probability(n, tail.count, p);
        if (next > limit * (1 + rounding_slack)) break;
        tail = {tail.count + 1, next};
    }
    return tail;
}

}  // namespace

std::optional<RankPair> quantile_ranks(std::size_t n, double p, double confidence) {
    assert(p > 0 && p < 1 && confidence > 0 && confidence < 1);
    const double limit = (1 - confidence) / 2;
    const Tail below = lower_tail(n, p, limit);
    const Tail above = lower_tail(n, 1 - p, limit);  // n - B is Bin(n, 1 - p)
    if (below.count == 0 || above.count == 0) return std::nullopt;
    return RankPair{below.count, n + 1 - above.count, 1 - below.probability - above.probability};
}

std::size_t smallest_sample(double p, double confidence) {
    assert(p > 0 && p < 1 && confidence > 0 && confidence < 1);
    // The outermost ranks 1 and n do if the likelier of the two misses, all values on one side, is rare enough.
    const double needed = std::log((1 - confidence) / 2) / std::log(std::max(p, 1 - p));
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(needed * (1 - rounding_slack))));
}

Result<Interval> quantile_interval(std::span<const double> sorted, double p, double confidence) {
    PASSBENCH_CHECK(require_finite(sorted));
    if (!std::is_sorted(sorted.begin(), sorted.end())) {
        return fail({.code = ErrorCode::usage,
                     .what = "the values of a quantile interval are not in ascending order",
                     .fix = "Sort them first."});
    }
    const auto ranks = quantile_ranks(sorted.size(), p, confidence);
    if (!ranks) {
        return fail({.code = ErrorCode::unsupported,
                     .what = std::to_string(sorted.size()) + " values allow no interval of this confidence",
                     .fix = "Measure at least " + std::to_string(smallest_sample(p, confidence)) + " values."});
    }
    return Interval{sorted[ranks->lower - 1], sorted[ranks->upper - 1], ranks->confidence};
}

std::size_t nearest_rank(std::size_t n, double p) {
    assert(n > 0 && p > 0 && p <= 1);
    // 0.07 * 100 is 7.000000000000001 in binary: take the slack off before rounding up.
    const double rank = std::ceil(p * static_cast<double>(n) * (1 - rounding_slack));
    return std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, n);
}

Result<double> median(std::vector<double> values) {
    PASSBENCH_CHECK(require_finite(values));
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    const double below = *std::max_element(values.begin(), middle);
    return below + (*middle - below) / 2;
}

Result<void> require_finite(std::span<const double> values) {
    if (values.empty()) {
        return fail({.code = ErrorCode::usage,
                     .what = "there are no values to summarise",
                     .fix = "Measure at least one value."});
    }
    const auto bad = std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
    if (bad != values.end()) {
        return fail({.code = ErrorCode::usage,
                     .what = "value " + std::to_string(bad - values.begin()) + " is not a finite number",
                     .fix = "Leave out what was not measured; no number stands for it."});
    }
    return {};
}

}  // namespace passbench
