// reduce, histogram and scan beside what reading memory comes to.
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/plain_sums.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/isa.hpp"

namespace passbench {

namespace {

constexpr std::size_t sums_bytes = std::size_t{256} << 20;
constexpr std::size_t sums_words_a_line = 8;

struct alignas(64) PlainSum {
    std::uint64_t value = 0;
};

/// Fastest first.
const TimedWay& best_of(const TimedWay& one, const TimedWay& other) {
    return median_ns(one) <= median_ns(other) ? one : other;
}

Result<void> compare_integers_on(ThreadPool& pool, const Value& threads, int count, RatioReport& report) {
    PASSBENCH_TRY(const Buffer buffer, Buffer::allocate(sums_bytes));
    const std::span<std::uint64_t> words = buffer.as<std::uint64_t>();
    std::vector<PlainSum> sums(static_cast<std::size_t>(count));
    const auto in_shares = [&](auto work) {
        return [&, work] {
            pool.run(count, [&](int worker) {
                const Share share = share_of(words.size(), worker, count, sums_words_a_line);
                sums[static_cast<std::size_t>(worker)].value =
                    work(words.data() + share.begin, share.end - share.begin);
            });
        };
    };
    in_shares([](std::uint64_t* begin, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) begin[i] = i;
        return size;
    })();

    const bool has_avx512 = supports(detect_cpu(), Isa::avx512);
    const auto bytes = static_cast<std::int64_t>(sums_bytes);
    const Parameters given = {{"bytes", bytes}, {"threads", threads}};
    PASSBENCH_TRY(const auto reduce, prepare_verified("reduce", given, pool));
    PASSBENCH_TRY(const auto histogram, prepare_verified("histogram", given, pool));
    PASSBENCH_TRY(const auto scan, prepare_verified("scan", given, pool));
    const std::array<Way, 5> ways = {
        Way{"plain sum, avx2", in_shares(&plain_word_sum)},
        Way{"plain sum, avx512", in_shares(has_avx512 ? &plain_word_sum_avx512 : &plain_word_sum)},
        Way{"own reduce", [&] { reduce->iterate(); }},
        Way{"own histogram", [&] { histogram->iterate(); }},
        Way{"own scan, a third of its bytes", [&] { scan->iterate(); }},
    };
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("sums and counts of 256 MiB, {} thread(s)", count));
    if (!has_avx512) report.line("no avx512 here: the second line is avx2 again");
    report.rates(timed, static_cast<double>(sums_bytes), "B/s");
    const TimedWay& plain = has_avx512 ? best_of(timed[0], timed[1]) : timed[0];
    constexpr double goal = 0.85;
    for (const std::size_t own : {2U, 3U}) {
        report.add({.workload = own == 2 ? "reduce" : "histogram",
                    .what = fmt::format("256 MiB, {} thread(s): {} / {}", count, timed[own].name, plain.name),
                    .value = median_speed(timed[own], plain),
                    .at_least = goal});
    }
    constexpr double arrays = 3;
    report.add({.workload = "scan",
                .what = fmt::format("256 MiB, {} thread(s): bytes/s of own scan / {}", count, plain.name),
                .value = arrays * median_speed(timed[4], plain),
                .at_least = std::nullopt});
    return {};
}

}  // namespace

Result<void> compare_integers(ThreadPool& pool, RatioReport& report) {
    PASSBENCH_CHECK(compare_integers_on(pool, Value(std::int64_t{1}), 1, report));
    return pool.size() == 1 ? Result<void>() : compare_integers_on(pool, Value("all"), pool.size(), report);
}

}  // namespace passbench
