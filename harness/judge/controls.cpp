#include "harness/judge/controls.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {
namespace {

constexpr double control_margin = 0.01;  // R2.1, R18

}  // namespace

bool is_control(const PlannedCase& planned) {
    constexpr std::array<std::string_view, 4> names = {"stream", "fma", "spmv", "gather"};
    return planned.form == Form::cuda && !planned.load && std::ranges::find(names, planned.workload) != names.end();
}

std::optional<std::string> why_confounded(const Plan& plan, const Stats& stats, const std::string& arm) {
    if (plan.factor != "passthrough") return std::nullopt;
    std::set<std::string_view> controls;
    for (const PlannedCase& planned : plan.cases) {
        if (is_control(planned)) controls.insert(planned.name);
    }
    for (const Estimate& estimate : stats.estimates) {
        const bool is_of_control = estimate.reference && estimate.arm == arm && estimate.metric == "device" &&
                                   controls.contains(estimate.case_name);
        if (!is_of_control || !estimate.lo || !estimate.hi) continue;
        if (*estimate.lo <= control_margin && *estimate.hi >= -control_margin) continue;
        return fmt::format(
            "The control {} changed its device time by {} .. {} between {} and {}, so clocks or memory differed and no "
            "overhead can be told.",
            estimate.case_name, format_percent(*estimate.lo), format_percent(*estimate.hi), *estimate.reference, arm);
    }
    return std::nullopt;
}

}  // namespace passbench
