// The loops of memtest beside plain ones over the same memory: what making and comparing the words costs.
#include <cstring>

#include <fmt/core.h>

#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memtest_inputs.hpp"

namespace passbench {

namespace {

constexpr std::size_t words_a_line = 8;

Result<void> compare_memtest_on(ThreadPool& pool, int threads, RatioReport& report) {
    constexpr std::size_t bytes = std::size_t{256} << 20;
    PASSBENCH_TRY(Buffer buffer, Buffer::allocate(bytes));
    const std::span<std::uint64_t> words = buffer.as<std::uint64_t>();
    const LoopTable& loops = loops_of(memory_isa(detect_cpu()));
    const auto in_shares = [&pool, threads, words](auto work) {
        return [&pool, threads, words, work] {
            pool.run(threads, [&](int worker) {
                const Share share = share_of(words.size(), worker, threads, words_a_line);
                work(share.begin, words.subspan(share.begin, share.end - share.begin));
            });
        };
    };
    const MemtestContent address = *memtest_passes("address", 1).front().written;
    const MemtestContent noise = *memtest_passes("random", 1).front().written;
    const MemtestWrite stream = loops.memtest_write[static_cast<std::size_t>(Stores::nontemporal)];
    const auto write = [stream](const MemtestContent& content) {
        return [stream, content](std::size_t first, std::span<std::uint64_t> part) {
            stream(content, first, part.data(), part.size());
        };
    };
    const auto compare = [&loops](const MemtestContent& content) {
        return [&loops, content](std::size_t first, std::span<std::uint64_t> part) {
            volatile std::uint64_t wrong = loops.memtest_read(content, first, part.data(), part.size()).wrong;
            static_cast<void>(wrong);
        };
    };
    const std::vector<Way> ways = {
        {"memset",
         in_shares([](std::size_t, std::span<std::uint64_t> part) { std::memset(part.data(), 1, part.size_bytes()); })},
        {"write, address", in_shares(write(address))},
        {"write, random", in_shares(write(noise))},
        {"plain sum", in_shares([&loops](std::size_t, std::span<std::uint64_t> part) {
             volatile double sum = loops.read(reinterpret_cast<const std::byte*>(part.data()), part.size_bytes());
             static_cast<void>(sum);
         })},
        {"compare, address", in_shares(compare(address))},
        {"compare, random", in_shares(compare(noise))},
    };
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("memtest, 256 MiB, {} thread(s)", threads));
    report.rates(timed, static_cast<double>(bytes), "B/s");
    constexpr std::size_t memset_way = 0;
    constexpr std::size_t sum_way = 3;
    for (const auto& [own, rival] : {std::pair{1U, memset_way}, {2U, memset_way}, {4U, sum_way}, {5U, sum_way}}) {
        report.add({.workload = "memtest",
                    .what = fmt::format("{} thread(s): {} / {}", threads, timed[own].name, timed[rival].name),
                    .value = median_speed(timed[own], timed[rival]),
                    .at_least = std::nullopt});
    }
    return {};
}

}  // namespace

Result<void> compare_memtest(ThreadPool& pool, RatioReport& report) {
    PASSBENCH_CHECK(compare_memtest_on(pool, 1, report));
    return pool.size() == 1 ? Result<void>() : compare_memtest_on(pool, pool.size(), report);
}

}  // namespace passbench
