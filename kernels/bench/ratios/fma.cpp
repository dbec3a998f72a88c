// fma beside what clock and units allow.
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/isa.hpp"

namespace passbench {

Result<void> compare_fma(ThreadPool& pool, RatioReport& report) {
    report.title("fma: achieved / (own measured clock x units)");
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (!supports(detect_cpu(), isa)) continue;
        for (const char* precision : {"f32", "f64"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                PASSBENCH_TRY(
                    const auto instance,
                    prepare_verified(
                        "fma", {{"isa", std::string(to_string(isa))}, {"precision", precision}, {"threads", threads}},
                        pool));
                const std::array<Way, 1> ways = {Way{"fma", [&] { instance->iterate(); }}};
                const std::vector<TimedWay> timed = time_in_turns(ways, 3 * ratio_rounds);
                PASSBENCH_TRY(const auto limit, instance->limit());
                constexpr double flops_an_op = 1 << 20;
                constexpr double ns_a_second = 1e9;
                const double flops =
                    flops_an_op * static_cast<double>(instance->ops()) / median_ns(timed[0]) * ns_a_second;
                const std::string what =
                    fmt::format("{} {}, {} thread(s)", to_string(isa), precision, instance->threads());
                if (limit->kind == LimitKind::none) {
                    report.line(fmt::format("{}: {}, {}", what, format_value(flops, "FLOP/s"), limit->formula));
                    continue;
                }
                report.add({.workload = "fma",
                            .what = fmt::format("{}: {} / {}", what, format_value(flops, "FLOP/s"), limit->formula),
                            .value = flops / limit->value,
                            .at_least = 0.97});
            }
        }
    }
    return {};
}

}  // namespace passbench
