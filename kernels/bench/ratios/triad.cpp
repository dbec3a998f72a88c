// The triad of stream beside the loops that others write.
#include <array>

#include <fmt/core.h>

#include "kernels/bench/ratios/babelstream_triad.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/loops.hpp"

namespace passbench {

namespace {

/// All ways use the same three arrays, in huge pages and touched first by their worker, so that the loops alone differ.
Result<void> compare_triad_on(ThreadPool& pool, int threads, RatioReport& report) {
    constexpr std::size_t array_bytes = std::size_t{256} << 20;
    constexpr std::size_t count = array_bytes / sizeof(double);
    constexpr std::size_t doubles_a_line = 8;
    std::array<Buffer, 3> buffers;
    for (Buffer& buffer : buffers) {
        PASSBENCH_TRY(buffer, Buffer::allocate(array_bytes));
    }
    double* const a = buffers[0].as<double>().data();
    double* const b = buffers[1].as<double>().data();
    double* const c = buffers[2].as<double>().data();
    const StreamArrays arrays = {.x = b, .y = c, .out = a};
    const auto in_shares = [&pool, threads](auto work) {
        return [&pool, threads, work] {
            pool.run(threads, [&](int worker) {
                const Share share = share_of(count, worker, threads, doubles_a_line);
                work(share.begin, share.end);
            });
        };
    };
    in_shares([=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            a[i] = 0;
            b[i] = 1;
            c[i] = 2;
        }
    })();

    const CpuFeatures cpu = detect_cpu();
    std::vector<Way> ways = {{"BabelStream-style plain loop", in_shares([=](std::size_t begin, std::size_t end) {
                                  babelstream_triad(a, b, c, 3, begin, end);
                              })}};
    const auto add_own = [&](const std::string& name, Isa isa, Stores stores) {
        const StreamLoop loop =
            loops_of(isa).stream[static_cast<std::size_t>(StreamOp::triad)][static_cast<std::size_t>(stores)];
        ways.push_back({name, in_shares([=](std::size_t begin, std::size_t end) { loop(arrays, 3, begin, end); })});
    };
    add_own("own plain, avx2", Isa::avx2, Stores::plain);
    if (supports(cpu, Isa::avx512)) add_own("own plain, avx512", Isa::avx512, Stores::plain);
    const std::size_t plain_ways = ways.size();
    add_own("own nontemporal, isa = best", memory_isa(cpu), Stores::nontemporal);

    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("triad, 3 x 256 MiB, {} thread(s), bytes counted as STREAM does", threads));
    report.rates(timed, 3.0 * array_bytes, "B/s");
    const TimedWay& own = timed.back();
    std::size_t best = 0;
    for (std::size_t i = 1; i < plain_ways; ++i) {
        if (median_ns(timed[i]) < median_ns(timed[best])) best = i;
    }
    report.add({.workload = "stream",
                .what = fmt::format("triad, {} thread(s): own nontemporal / BabelStream-style", threads),
                .value = median_speed(own, timed[0]),
                .at_least = 1.25});
    report.add(
        {.workload = "stream",
         .what = fmt::format("triad, {} thread(s): own nontemporal / best plain loop ({})", threads, timed[best].name),
         .value = median_speed(own, timed[best]),
         .at_least = 1});
    return {};
}

}  // namespace

Result<void> compare_triads(ThreadPool& pool, RatioReport& report) {
    PASSBENCH_CHECK(compare_triad_on(pool, 1, report));
    return pool.size() == 1 ? Result<void>() : compare_triad_on(pool, pool.size(), report);
}

}  // namespace passbench
