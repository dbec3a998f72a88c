// host-chase and host-read beside the loops that others write, on memory made alike.
#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/plain_loops.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/chain_inputs.hpp"

namespace passbench {

namespace {

Result<void> compare_chases_at(std::int64_t bytes, ThreadPool& pool, RatioReport& report) {
    constexpr std::size_t plain_hops = 1 << 16;
    constexpr std::uint64_t seed = 1;
    PASSBENCH_TRY(const auto huge, prepare_verified("host-chase", {{"bytes", bytes}}, pool));
    PASSBENCH_TRY(const Buffer memory, Buffer::allocate(static_cast<std::size_t>(bytes), Pages::huge));
    const ChainInputs chain(seed, memory.bytes().size() / chain_node_bytes);
    chain.fill(memory.bytes(), reinterpret_cast<std::uint64_t>(memory.bytes().data()), {0, chain.nodes()});
    const void* at = memory.bytes().data() + chain.offset_after(0);
    std::vector<Way> ways = {{"plain loop, huge pages", [&] { at = plain_chase(at, plain_hops); }},
                             {"host-chase, pages = huge", [&] { huge->iterate(); }}};
    auto small = prepare_verified("host-chase", {{"bytes", bytes}, {"pages", "small"}}, pool);
    if (small) ways.push_back({"host-chase, pages = small", [&] { (*small)->iterate(); }});
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    const double ours = median_ns(timed[1]) / static_cast<double>(huge->ops());
    const double theirs = median_ns(timed[0]) / plain_hops;
    report.title(fmt::format("a hop through {}", format_bytes(bytes)));
    report.line(fmt::format("{:<28} {:>12}", timed[0].name, format_value(theirs, "ns")));
    report.line(fmt::format("{:<28} {:>12}", timed[1].name, format_value(ours, "ns")));
    if (small) {
        report.line(fmt::format("{:<28} {:>12}", timed[2].name,
                                format_value(median_ns(timed[2]) / static_cast<double>((*small)->ops()), "ns")));
    }
    report.add({.workload = "host-chase",
                .what = fmt::format("chase through {}, huge pages: host-chase / plain loop", format_bytes(bytes)),
                .value = theirs / ours,
                .at_least = std::nullopt});
    return {};
}

}  // namespace

Result<void> compare_chases(ThreadPool& pool, RatioReport& report) {
    for (const std::int64_t bytes : {std::int64_t{16} << 10, std::int64_t{4} << 20, std::int64_t{256} << 20}) {
        PASSBENCH_CHECK(compare_chases_at(bytes, pool, report));
    }
    return {};
}

Result<void> compare_reads(ThreadPool& pool, RatioReport& report) {
    constexpr std::int64_t bytes = std::int64_t{256} << 20;
    PASSBENCH_TRY(const auto instance, prepare_verified("host-read", {{"bytes", bytes}}, pool));
    PASSBENCH_TRY(const Buffer memory, Buffer::allocate(bytes));
    const std::span<double> numbers = memory.as<double>();
    std::vector<double> sums(static_cast<std::size_t>(pool.size()));
    const std::function<void(int)> fill = [&](int worker) {
        const Share share = share_of(numbers.size(), worker, pool.size(), 8);
        for (std::size_t i = share.begin; i < share.end; ++i) numbers[i] = 1;
    };
    pool.run(fill);
    const std::function<void(int)> add_up = [&](int worker) {
        const Share share = share_of(numbers.size(), worker, pool.size(), 8);
        sums[static_cast<std::size_t>(worker)] = plain_sum(numbers.data() + share.begin, share.end - share.begin);
    };
    const std::vector<Way> ways = {{"plain loop, -ffast-math", [&] { pool.run(add_up); }},
                                   {"host-read", [&] { instance->iterate(); }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("{} read, {} thread(s)", format_bytes(bytes), pool.size()));
    report.rates(timed, static_cast<double>(bytes), "B/s");
    report.add({.workload = "host-read",
                .what = fmt::format("{} read, {} thread(s): host-read / plain loop", format_bytes(bytes), pool.size()),
                .value = median_speed(timed[1], timed[0]),
                .at_least = 1});
    return {};
}

}  // namespace passbench
