// Handing over from thread to thread: the futex beside the condition variable that most programs take.
#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

Result<void> compare_events(ThreadPool& pool, RatioReport& report) {
    if (pool.size() < 2) return {};
    std::vector<std::unique_ptr<WorkloadInstance>> instances;
    std::vector<Way> ways;
    for (const char* method : {"futex", "condition_variable"}) {
        PASSBENCH_TRY(auto instance, prepare_verified("event", {{"method", method}}, pool));
        ways.push_back({method, [body = instance.get()] { body->iterate(); }});
        instances.push_back(std::move(instance));
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title("a hand-over between two threads that sleep");
    for (const TimedWay& way : timed) {
        report.line(fmt::format("{:<28} {:>12}", way.name,
                                format_value(median_ns(way) / static_cast<double>(instances[0]->ops()), "ns")));
    }
    report.add({.workload = "event",
                .what = "2 threads: futex / condition variable",
                .value = median_speed(timed[0], timed[1]),
                .at_least = std::nullopt});
    return {};
}

}  // namespace passbench
