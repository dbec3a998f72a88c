#include "kernels/cpu/read_inputs.hpp"

#include <numeric>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

constexpr std::size_t doubles_a_line = 8;

}  // namespace

void ReadInputs::fill(ThreadPool& pool, int threads, std::span<double> numbers) const {
    pool.run(threads, [&](int worker) {
        const Share share = share_of(numbers.size(), worker, threads, doubles_a_line);
        for (std::size_t i = share.begin; i < share.end; ++i) numbers[i] = static_cast<double>(pattern_number(key_, i));
    });
}

double ReadInputs::sum(ThreadPool& pool, int threads, std::size_t count) const {
    std::vector<std::int64_t> parts(static_cast<std::size_t>(threads), 0);
    pool.run(threads, [&](int worker) {
        const Share share = share_of(count, worker, threads, doubles_a_line);
        std::int64_t part = 0;
        for (std::size_t i = share.begin; i < share.end; ++i) part += pattern_number(key_, i);
        parts[static_cast<std::size_t>(worker)] = part;
    });
    return static_cast<double>(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}));
}

Result<void> ReadSum::check() const {
    if (same_bits(seen, expected)) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("host-read: the sum is {} where the numbers add up to {}", seen, expected),
                 .fix = wrong_result_fix});
}

}  // namespace passbench
