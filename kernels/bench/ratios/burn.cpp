// A burn's iteration beside one of fma, which it is made of: the same work has to take the same time.
#include <fmt/core.h>

#include "kernels/bench/ratios/ratios.hpp"

namespace passbench {

Result<void> compare_burn(ThreadPool& pool, RatioReport& report) {
    PASSBENCH_TRY(const auto burn, prepare_verified("burn", {{"seconds", std::int64_t{0}}}, pool));
    PASSBENCH_TRY(const auto fma, prepare_verified("fma", {{"precision", "f32"}}, pool));
    const std::vector<Way> ways = {{"fma, f32", [body = fma.get()] { body->iterate(); }},
                                   {"burn", [body = burn.get()] { body->iterate(); }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    constexpr double flops_an_op_of_fma = 1 << 20;
    report.title(fmt::format("burn, {} thread(s)", pool.size()));
    report.rates(timed, flops_an_op_of_fma * static_cast<double>(fma->ops()), "FLOP/s");
    report.add({.workload = "burn",
                .what = fmt::format("{} thread(s): burn / fma", pool.size()),
                .value = median_speed(timed[1], timed[0]),
                .at_least = std::nullopt});
    return {};
}

}  // namespace passbench
