// roofline beside its own ceilings: how much of the lower one it reaches at each intensity.
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

Result<void> compare_roofline(ThreadPool& pool, RatioReport& report) {
    report.title("roofline: achieved / min(read bandwidth x intensity, multiply-adds in registers)");
    for (const char* intensity : {"0.25", "0.5", "1", "2", "4", "8", "16", "32", "64"}) {
        for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
            PASSBENCH_TRY(const auto instance,
                          prepare_verified("roofline", {{"intensity", intensity}, {"threads", threads}}, pool));
            const std::array<Way, 1> ways = {Way{"roofline", [&] { instance->iterate(); }}};
            const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
            PASSBENCH_TRY(const auto limit, instance->limit());
            const std::string what =
                fmt::format("{} FLOP/B, {} {} thread(s)", intensity, instance->isa(), instance->threads());
            const Workload& workload = *find_workload("roofline");
            PASSBENCH_TRY(const Parameters parameters,
                          complete_parameters(workload, Form::cpu, {{"intensity", intensity}}));
            constexpr double ns_a_second = 1e9;
            const double flops = static_cast<double>(workload.work(parameters).flops * instance->ops()) /
                                 median_ns(timed[0]) * ns_a_second;
            if (limit->kind == LimitKind::none) {
                report.line(fmt::format("{}: {}, {}", what, format_value(flops, "FLOP/s"), limit->formula));
                continue;
            }
            report.add({.workload = "roofline",
                        .what = fmt::format("{}: {} / {}", what, format_value(flops, "FLOP/s"), limit->formula),
                        .value = flops / limit->value,
                        .at_least = std::nullopt});
        }
    }
    return {};
}

}  // namespace passbench
