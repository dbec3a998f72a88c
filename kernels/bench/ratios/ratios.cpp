#include "kernels/bench/ratios/ratios.hpp"

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

void RatioReport::title(std::string_view text) const { fmt::print("\n{}\n", text); }

void RatioReport::rates(std::span<const TimedWay> ways, double work, std::string_view unit) const {
    constexpr double ns_a_second = 1e9;
    for (const TimedWay& way : ways) {
        fmt::print("  {:<28} {:>12}\n", way.name, format_value(work / median_ns(way) * ns_a_second, unit));
    }
}

void RatioReport::line(std::string_view text) const { fmt::print("  {}\n", text); }

void RatioReport::add(Ratio ratio) {
    std::string goal;
    if (ratio.at_least) {
        goal = fmt::format("   (goal: at least {:.2f}{})", *ratio.at_least,
                           ratio.value < *ratio.at_least ? ", missed" : "");
    }
    fmt::print("  {}  {:.3f}{}\n", ratio.what, ratio.value, goal);
    ratios_.push_back(std::move(ratio));
}

Result<std::unique_ptr<WorkloadInstance>> prepare_verified(const std::string& workload, const Parameters& given,
                                                           ThreadPool& pool) {
    PASSBENCH_TRY(const Parameters complete, complete_parameters(*find_workload(workload), Form::cpu, given));
    PASSBENCH_TRY(auto instance,
                  find_workload_form(workload, Form::cpu)->prepare(complete, {.pool = pool, .seed = ratio_seed}));
    PASSBENCH_CHECK(instance->verify());
    return instance;
}

}  // namespace passbench
