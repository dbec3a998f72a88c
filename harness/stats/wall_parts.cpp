#include "harness/stats/wall_parts.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "harness/stats/estimates.hpp"

namespace passbench {
namespace {

/// The largest of what the trials said under this key; nothing where none did.
std::optional<double> worst_of(const ArmSeries& series, const std::string& key) {
    std::optional<double> worst;
    for (const Event* outcome : series.outcomes) {
        const auto value = fact_double(outcome->facts, key);
        if (value) worst = std::max(worst.value_or(*value), *value);
    }
    return worst;
}

/// The first reason that a trial gave for having no parts.
std::string why_none(const ArmSeries& series) {
    for (const Event* outcome : series.outcomes) {
        if (auto why = fact_text(outcome->facts, trial_fact::parts_why)) return *std::move(why);
    }
    return "";
}

WallPart part_of(const std::string& name, const Estimate& estimate, const ArmSeries& series, double whole) {
    WallPart part{.name = name, .clocks = worst_of(series, trial_fact::part_error_ns(name))};
    const double under = ticks_of_a_part * worst_of(series, trial_fact::part_tick_ns(name)).value_or(0);
    if (std::abs(*estimate.value) < under) {
        part.under = under;
        return part;
    }
    part.value = estimate.value;
    part.lo = estimate.lo;
    part.hi = estimate.hi;
    part.confidence = estimate.confidence;
    if (whole > 0) part.share = *estimate.value / whole;
    return part;
}

}  // namespace

std::optional<WallParts> wall_parts(const PlannedCase& planned, const Workload& workload, const ArmSeries& series,
                                    double confidence) {
    if (workload.parts.empty()) return std::nullopt;
    WallParts parts{.case_name = planned.name, .arm = series.arm, .simulated = series.trust.simulated};
    const Metric* wall = find_metric(workload, parts.metric);
    assert(wall != nullptr);
    const Estimate whole = arm_estimate(planned, *wall, series, confidence);
    if (!whole.value) return std::nullopt;
    parts.unit = whole.unit;
    parts.blocks = whole.blocks;
    parts.whole = whole.value;
    double told = 0;
    for (const std::string_view name : workload.parts) {
        const Metric* metric = find_metric(workload, name);
        assert(metric != nullptr);
        const Estimate estimate = arm_estimate(planned, *metric, series, confidence);
        if (!estimate.value) {
            parts.parts.clear();
            parts.why = why_none(series);
            return parts.why.empty() ? std::nullopt : std::optional(std::move(parts));
        }
        parts.parts.push_back(part_of(std::string(name), estimate, series, *whole.value));
        told += parts.parts.back().value.value_or(0);
    }
    parts.remainder = *whole.value - told;
    return parts;
}

}  // namespace passbench
