// The own copies beside the C library's.
#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

namespace {

Result<void> compare_at(std::int64_t bytes, ThreadPool& pool, RatioReport& report) {
    std::vector<std::unique_ptr<WorkloadInstance>> instances;
    std::vector<Way> ways;
    for (const char* method : {"memcpy", "plain", "nontemporal"}) {
        PASSBENCH_TRY(auto instance, prepare_verified("copy", {{"bytes", bytes}, {"method", method}}, pool));
        ways.push_back({method, [body = instance.get()] { body->iterate(); }});
        instances.push_back(std::move(instance));
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("copy of {}, {} thread(s), payload", format_bytes(bytes), pool.size()));
    report.rates(timed, static_cast<double>(bytes * instances.front()->ops()), "B/s");
    for (const std::size_t own : {1U, 2U}) {
        report.add({.workload = "copy",
                    .what = fmt::format("{}, {} thread(s): own {} / memcpy", format_bytes(bytes), pool.size(),
                                        timed[own].name),
                    .value = median_speed(timed[own], timed[0]),
                    .at_least = std::nullopt});
    }
    return {};
}

}  // namespace

Result<void> compare_copies(ThreadPool& pool, RatioReport& report) {
    for (const std::int64_t bytes : {std::int64_t{4} << 10, std::int64_t{1} << 20, std::int64_t{256} << 20}) {
        PASSBENCH_CHECK(compare_at(bytes, pool, report));
    }
    return {};
}

}  // namespace passbench
