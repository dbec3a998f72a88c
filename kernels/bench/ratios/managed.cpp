// First touches of pages beside having the kernel make them all at once.
#include <sys/mman.h>

#include <fmt/core.h>

#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

Result<void> compare_managed(ThreadPool& pool, RatioReport& report) {
    constexpr std::size_t bytes = std::size_t{64} << 20;
    const auto populate = [] {
        void* const memory =
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory != MAP_FAILED) munmap(memory, bytes);
    };
    const Parameters one = {{"bytes", std::int64_t{bytes}}, {"threads", std::int64_t{1}}};
    PASSBENCH_TRY(const auto alone, prepare_verified("managed", one, pool));
    PASSBENCH_TRY(const auto all, prepare_verified("managed", {{"bytes", std::int64_t{bytes}}}, pool));
    const std::vector<Way> ways = {{"mmap with MAP_POPULATE", populate},
                                   {"touches of one thread", [body = alone.get()] { body->iterate(); }},
                                   {"touches of all threads", [body = all.get()] { body->iterate(); }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title("managed, 64 MiB in pages of 4 KiB");
    report.rates(timed, static_cast<double>(bytes), "B/s");
    for (const std::size_t own : {1U, 2U}) {
        report.add({.workload = "managed",
                    .what = fmt::format("{} / {}", timed[own].name, timed[0].name),
                    .value = median_speed(timed[own], timed[0]),
                    .at_least = std::nullopt});
    }
    return {};
}

}  // namespace passbench
