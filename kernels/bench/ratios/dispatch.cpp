// What handing work to the pool costs, and the workload dispatch.
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

Result<void> compare_dispatch(ThreadPool& pool, RatioReport& report) {
    constexpr int calls = 1000;
    const auto nothing = [](int) {};
    const std::function<void(int)> kept = nothing;
    const int all = pool.size();
    const auto repeated = [&pool](int workers, const auto& work) {
        return [&pool, workers, &work] {
            for (int i = 0; i < calls; ++i) pool.run(workers, work);
        };
    };
    const std::vector<Way> ways = {
        {"run(1), std::function kept", repeated(1, kept)},
        {"run(1), std::function made", repeated(1, nothing)},
        {"run(all), std::function kept", repeated(all, kept)},
        {"run(all), std::function made", repeated(all, nothing)},
    };
    report.title(fmt::format("handing empty work to the pool of {}", all));
    for (const TimedWay& way : time_in_turns(ways, ratio_rounds)) {
        report.line(fmt::format("{:<28} {:>12}", way.name, format_value(median_ns(way) / calls, "ns")));
    }
    for (const char* wait : {"spin", "block"}) {
        if (all < 2) break;
        PASSBENCH_TRY(const auto instance, prepare_verified("dispatch", {{"wait", wait}}, pool));
        const std::array<Way, 1> one = {Way{wait, [&] { instance->iterate(); }}};
        const double ns = median_ns(time_in_turns(one, ratio_rounds)[0]) / static_cast<double>(instance->ops());
        report.line(fmt::format("{:<28} {:>12}", fmt::format("workload dispatch, {}", wait), format_value(ns, "ns")));
    }
    return {};
}

}  // namespace passbench
