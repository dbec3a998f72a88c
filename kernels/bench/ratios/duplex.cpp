// duplex beside two threads that are started for each pair of copies, as it is mostly written.
#include <cstring>
#include <thread>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"

namespace passbench {

namespace {

Result<void> compare_pairs_at(std::int64_t bytes, ThreadPool& pool, RatioReport& report) {
    PASSBENCH_TRY(const auto instance, prepare_verified("duplex", {{"bytes", bytes}}, pool));
    const auto size_bytes = static_cast<std::size_t>(bytes);
    PASSBENCH_TRY(const Buffer from, Buffer::allocate(2 * size_bytes));
    PASSBENCH_TRY(const Buffer to, Buffer::allocate(2 * size_bytes));
    std::memset(from.bytes().data(), 1, from.bytes().size());
    const auto copy = [&](std::size_t half) {
        std::memcpy(to.bytes().data() + half * size_bytes, from.bytes().data() + half * size_bytes, size_bytes);
        asm volatile("" : : "r"(to.bytes().data()) : "memory");
    };
    const auto started = [&] {
        for (std::int64_t round = 0; round < instance->ops(); ++round) {
            std::thread other([&] { copy(1); });
            copy(0);
            other.join();
        }
    };
    const std::vector<Way> ways = {{"a thread started for each", started}, {"duplex", [&] { instance->iterate(); }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("two copies of {} at once, payload of both", format_bytes(bytes)));
    report.rates(timed, static_cast<double>(2 * bytes * instance->ops()), "B/s");
    report.add({.workload = "duplex",
                .what = fmt::format("two copies of {}: duplex / threads started for each", format_bytes(bytes)),
                .value = median_speed(timed[1], timed[0]),
                .at_least = std::nullopt});
    return {};
}

}  // namespace

Result<void> compare_duplex(ThreadPool& pool, RatioReport& report) {
    if (pool.size() < 2) return {};
    for (const std::int64_t bytes : {std::int64_t{1} << 20, std::int64_t{64} << 20}) {
        PASSBENCH_CHECK(compare_pairs_at(bytes, pool, report));
    }
    return {};
}

}  // namespace passbench
