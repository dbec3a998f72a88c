#include "harness/stats/hodges_lehmann.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/stats/rank_distribution.hpp"

namespace passbench {
namespace {

constexpr std::size_t largest_pair_count = 10'000'000;  // 80 MB of differences
constexpr double many_ties = 0.20;                      // R9.2

std::vector<double> walsh_averages(std::span<const double> values) {
    std::vector<double> averages;
    averages.reserve(values.size() * (values.size() + 1) / 2);
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i; j < values.size(); ++j) averages.push_back(values[i] + (values[j] - values[i]) / 2);
    }
    return averages;
}

std::vector<double> all_differences(std::span<const double> x, std::span<const double> y) {
    std::vector<double> differences;
    differences.reserve(x.size() * y.size());
    for (const double from : x) {
        for (const double to : y) differences.push_back(to - from);
    }
    return differences;
}

/// [v_(k), v_(M-k+1)].
Interval between_ranks(std::vector<double> values, const RankCut& cut) {
    std::sort(values.begin(), values.end());
    return {values[cut.k - 1], values[values.size() - cut.k], 1 - 2 * cut.probability};
}

Result<void> check_paired(std::span<const double> differences) {
    PASSBENCH_CHECK(require_finite(differences));
    if (differences.size() > largest_signed_rank_sample) {
        return fail({.code = ErrorCode::unsupported,
                     .what = std::to_string(differences.size()) + " pairs are more than a paired estimate takes",
                     .fix = "Use at most " + std::to_string(largest_signed_rank_sample) + " blocks."});
    }
    return {};
}

Result<void> check_unpaired(std::span<const double> x, std::span<const double> y) {
    PASSBENCH_CHECK(require_finite(x));
    PASSBENCH_CHECK(require_finite(y));
    if (x.size() > largest_pair_count / y.size()) {
        return fail({.code = ErrorCode::unsupported,
                     .what = std::to_string(x.size()) + " x " + std::to_string(y.size()) +
                             " values are more than an unpaired estimate takes",
                     .fix = "Compare at most " + std::to_string(largest_pair_count) + " pairs of block values."});
    }
    return {};
}

}  // namespace

Result<double> hodges_lehmann_paired(std::span<const double> differences) {
    PASSBENCH_CHECK(check_paired(differences));
    return median(walsh_averages(differences));
}

Result<Interval> hodges_lehmann_paired_interval(std::span<const double> differences, double confidence) {
    PASSBENCH_CHECK(check_paired(differences));
    const double tail = (1 - confidence) / 2;
    const RankCut cut = signed_rank_cut(differences.size(), tail);
    if (cut.k == 0) {
        return fail({.code = ErrorCode::unsupported,
                     .what = std::to_string(differences.size()) + " pairs allow no interval of this confidence",
                     .fix = "Measure at least " + std::to_string(smallest_signed_rank_sample(tail)) + " blocks."});
    }
    return between_ranks(walsh_averages(differences), cut);
}

Result<double> hodges_lehmann_unpaired(std::span<const double> x, std::span<const double> y) {
    PASSBENCH_CHECK(check_unpaired(x, y));
    return median(all_differences(x, y));
}

Result<Interval> hodges_lehmann_unpaired_interval(std::span<const double> x, std::span<const double> y,
                                                  double confidence, std::uint64_t seed) {
    PASSBENCH_CHECK(check_unpaired(x, y));
    const double tail = (1 - confidence) / 2;
    const RankCut cut = tied_share(x, y) > many_ties ? mann_whitney_cut_with_ties(x, y, tail, seed)
                                                     : mann_whitney_cut(x.size(), y.size(), tail);
    if (cut.k == 0) {
        return fail(
            {.code = ErrorCode::unsupported,
             .what = std::to_string(x.size()) + " and " + std::to_string(y.size()) +
                     " values allow no interval of this confidence",
             .fix = "Measure at least " + std::to_string(smallest_mann_whitney_sample(tail)) + " blocks in each run."});
    }
    return between_ranks(all_differences(x, y), cut);
}

}  // namespace passbench
