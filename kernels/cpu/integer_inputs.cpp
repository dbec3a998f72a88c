#include "kernels/cpu/integer_inputs.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

namespace {

/// The sum of each worker's share of `count` integers.
std::vector<std::uint64_t> sums_of_shares(const IntegerInputs& inputs, ThreadPool& pool, int threads,
                                          std::size_t count) {
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads), 0);
    pool.run(threads, [&](int worker) {
        const auto [begin, end] = share_of(count, worker, threads);
        std::uint64_t sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += inputs(i);
        sums[static_cast<std::size_t>(worker)] = sum;
    });
    return sums;
}

/// `which` is such as "reduce: the sum of 1000 integers".
Result<void> wrong_result(const std::string& which, std::uint64_t found, std::uint64_t right) {
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("{} is {} where {} is right", which, found, right),
                 .fix = wrong_result_fix});
}

struct WrongSum {
    std::size_t index;
    std::uint64_t right;
};

}  // namespace

Result<void> IntegerInputs::check_sum(ThreadPool& pool, int threads, std::size_t count, std::uint64_t found) const {
    const std::vector<std::uint64_t> sums = sums_of_shares(*this, pool, threads, count);
    const std::uint64_t right = std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
    if (found == right) return {};
    return wrong_result(fmt::format("reduce: the sum of {} integers", count), found, right);
}

Result<void> IntegerInputs::check_prefix_sums(ThreadPool& pool, int threads,
                                              std::span<const std::uint64_t> found) const {
    std::vector<std::uint64_t> before = sums_of_shares(*this, pool, threads, found.size());
    std::exclusive_scan(before.begin(), before.end(), before.begin(), std::uint64_t{0});
    std::vector<std::optional<WrongSum>> wrong(static_cast<std::size_t>(threads));
    pool.run(threads, [&](int worker) {
        const auto [begin, end] = share_of(found.size(), worker, threads);
        std::uint64_t right = before[static_cast<std::size_t>(worker)];
        for (std::size_t i = begin; i < end; ++i) {
            right += (*this)(i);
            if (found[i] == right) continue;
            wrong[static_cast<std::size_t>(worker)] = {.index = i, .right = right};
            return;
        }
    });
    const auto first = std::ranges::find_if(wrong, [](const auto& each) { return each.has_value(); });
    if (first == wrong.end()) return {};
    const auto [index, right] = **first;
    return wrong_result(fmt::format("scan: prefix sum {} of {}", index, found.size()), found[index], right);
}

Result<void> IntegerInputs::check_counts(ThreadPool& pool, int threads, std::size_t count,
                                         std::span<const std::uint32_t> found) const {
    std::vector<Counts> of_shares(static_cast<std::size_t>(threads));
    pool.run(threads, [&](int worker) {
        const auto [begin, end] = share_of(count, worker, threads);
        Counts counts{};
        for (std::size_t i = begin; i < end; ++i) ++counts[(*this)(i) >> bin_shift];
        of_shares[static_cast<std::size_t>(worker)] = counts;
    });
    for (std::size_t bin = 0; bin < bins; ++bin) {
        std::uint32_t right = 0;
        for (const Counts& counts : of_shares) right += counts[bin];
        if (found[bin] != right) {
            return wrong_result(fmt::format("histogram: bin {} of {} integers", bin, count), found[bin], right);
        }
    }
    return {};
}

}  // namespace passbench
