#include "harness/stats/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/core/units.hpp"
#include "harness/stats/hodges_lehmann.hpp"
#include "harness/stats/order_statistic.hpp"
#include "harness/stats/power.hpp"
#include "harness/stats/rank_distribution.hpp"

namespace passbench {
namespace {

std::string of_trials(int some, int all) {
    return std::to_string(some) + " of " + counted(static_cast<std::size_t>(all), "trial");
}

/// The middle of values that were checked to be finite when they were read.
double middle(std::vector<double> values) { return median(std::move(values)).value_or(0.0); }

std::vector<double> values_of(const ArmSeries& series, std::string_view metric) {
    std::vector<double> values;
    const auto found = series.blocks.find(metric);
    if (found == series.blocks.end()) return values;
    for (const BlockValue& block : found->second) values.push_back(block.value);
    return values;
}

Estimate begin_estimate(const PlannedCase& planned, const Metric& metric, const std::string& arm) {
    Estimate estimate;
    estimate.case_name = planned.name;
    estimate.metric = metric.name;
    estimate.unit = metric.unit;
    estimate.direction = metric.direction;
    estimate.kind = metric.kind;
    estimate.arm = arm;
    return estimate;
}

void flag(Estimate& estimate, std::string code, std::string text) {
    estimate.flags.push_back({std::move(code), std::move(text)});
}

void flag_underpowered(Estimate& estimate, std::size_t have, std::size_t need, std::string_view what) {
    flag(estimate, "underpowered",
         counted(have, "block") + " measured; " + std::string(what) + " needs " + std::to_string(need) + ": measure " +
             std::to_string(need - have) + " more");
}

std::string why_without_value(const ArmSeries& series) {
    if (series.missing.empty()) return "the samples have no column of this metric";
    const Missing& first = series.missing.front();
    return first.word + ": " + first.text;
}

void add_limit(Estimate& estimate, const PlannedCase& planned, const LimitSeries& limit) {
    estimate.limit = EstimateLimit{middle(limit.limits), limit.kind, limit.formula};
    estimate.of_limit = middle(limit.shares);
    const std::string share = format_percent(*estimate.of_limit) + " of the " +
                              (limit.kind == LimitKind::measured ? "measured peak" : "physical limit");
    if (limit.kind == LimitKind::physical && *estimate.of_limit > impossible_share) {
        flag(estimate, "above_limit",
             share + " (" + limit.formula + "): more than is possible, so it was not measured right");
    }
    // Beside a load that is what was to be seen.
    if (*estimate.of_limit < low_share_of_peak && !planned.load) {
        flag(estimate, "below_peak", share + ": less than 70 %, so this is not the best that this machine can do");
    }
}

void add_trust_flags(Estimate& estimate, const TrustCounts& trust) {
    if (trust.unsteady > 0) {
        flag(estimate, "unsteady", of_trials(trust.unsteady, trust.trials) + " had not settled when the warm-up ended");
    }
    if (trust.coarse > 0) {
        flag(estimate, "timer",
             of_trials(trust.coarse, trust.trials) + " took less than 100 steps of the timer (" +
                 format_duration(trust.timer_resolution_ns) + ") an iteration");
    }
    if (trust.stolen > 0) {
        flag(estimate, "steal",
             of_trials(trust.stolen, trust.trials) + " lost CPU time to other guests of the host, at worst " +
                 format_percent(trust.worst_steal));
    }
    if (trust.held_back > 0) {
        flag(estimate, "throttled",
             "in " + of_trials(trust.held_back, trust.trials) + " the card slowed itself down (" + trust.held_back_by +
                 "); see `passbench help gpu.held_back`");
    }
    if (trust.slow_link > 0) {
        flag(estimate, "slow_link",
             "in " + of_trials(trust.slow_link, trust.trials) + " " + trust.slow_link_words +
                 "; see `passbench help gpu.slow_link`");
    }
    if (trust.stale > 0) {
        flag(estimate, "stale_telemetry",
             "in " + of_trials(trust.stale, trust.trials) +
                 " NVML did not follow the card, so heat and throttling are not known; see `passbench help "
                 "gpu.stale_telemetry`");
    }
    if (!trust.redone_blocks.empty()) {
        flag(estimate, "interrupted",
             counted(trust.redone_blocks.size(), "block") + " was interrupted and measured again whole");
    }
    if (trust.simulated) flag(estimate, "simulated", "measured on a simulated device");
    if (!trust.injected.empty()) flag(estimate, "injected", "a slowdown was planted: " + trust.injected);
}

/// R12.1: marked and counted on logs, never removed.
void flag_outliers(Estimate& estimate, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    if (values.size() < 4 || values.front() <= 0) return;
    for (double& value : values) value = std::log(value);
    const double q1 = values[nearest_rank(values.size(), 0.25) - 1];
    const double q3 = values[nearest_rank(values.size(), 0.75) - 1];
    const auto outside = [&](double fences) {
        const double reach = fences * (q3 - q1);
        return std::count_if(values.begin(), values.end(),
                             [&](double value) { return value < q1 - reach || value > q3 + reach; });
    };
    const auto severe = outside(3.0);
    if (severe == 0) return;
    flag(estimate, "outliers",
         std::to_string(outside(1.5)) + " of " + counted(values.size(), "block value") +
             " lie outside Tukey's fences, " + std::to_string(severe) + " far outside; none was removed");
}

struct Pairs {
    std::vector<double> worse_by;  // log ratios, block by block
    bool has_zero = false;
};

Pairs pairs_of(const Metric& metric, const ArmSeries& series, const ArmSeries& reference) {
    Pairs pairs;
    const auto ours = series.blocks.find(metric.name);
    const auto theirs = reference.blocks.find(metric.name);
    if (ours == series.blocks.end() || theirs == reference.blocks.end()) return pairs;
    for (const BlockValue& block : ours->second) {
        const auto partner = std::find_if(theirs->second.begin(), theirs->second.end(),
                                          [&](const BlockValue& other) { return other.block == block.block; });
        if (partner == theirs->second.end()) continue;
        if (block.value <= 0 || partner->value <= 0) {
            pairs.has_zero = true;
            continue;
        }
        pairs.worse_by.push_back(worse_by(metric, block.value, partner->value));
    }
    return pairs;
}

/// R9.7, on what the timer saw: whole iterations, not the operations that they are divided into.
void flag_below_floor(Estimate& estimate, const Metric& metric, const ArmSeries& series, const ArmSeries& reference) {
    const auto ours = series.median_iterations.find(metric.column);
    const auto theirs = reference.median_iterations.find(metric.column);
    const bool timed = metric.kind == MetricKind::time || metric.kind == MetricKind::rate;
    if (!timed || ours == series.median_iterations.end() || theirs == reference.median_iterations.end()) return;
    const double resolution = std::max(series.trust.timer_resolution_ns, reference.trust.timer_resolution_ns);
    const double difference = std::abs(middle(ours->second) - middle(theirs->second));
    if (difference >= floor_in_timer_steps * resolution) return;
    flag(estimate, "below_floor",
         "the medians differ by " + format_duration(difference) + " an iteration, less than 5 steps of the timer (" +
             format_duration(resolution) + ")");
}

}  // namespace

double worse_by(const Metric& metric, double value, double reference) {
    const double log_ratio = std::log(value / reference);
    return metric.direction == Direction::lower ? log_ratio : -log_ratio;
}

Estimate arm_estimate(const PlannedCase& planned, const Metric& metric, const ArmSeries& series, double confidence) {
    Estimate estimate = begin_estimate(planned, metric, series.arm);
    estimate.method = "order_statistic";
    std::vector<double> values = values_of(series, metric.name);
    estimate.blocks = static_cast<int>(values.size());
    if (values.empty()) {
        estimate.why = why_without_value(series);
        return estimate;
    }
    std::sort(values.begin(), values.end());
    estimate.value = middle(values);
    if (const auto interval = quantile_interval(values, 0.5, confidence)) {
        estimate.lo = interval->lo;
        estimate.hi = interval->hi;
        estimate.confidence = interval->confidence;
    } else {
        flag_underpowered(estimate, values.size(), smallest_sample(0.5, confidence),
                          "a " + std::to_string(std::lround(confidence * 100)) + " % interval of the median");
    }
    if (series.trust.ran_on.size() == 1) estimate.ran_on = *series.trust.ran_on.begin();
    if (series.trust.ran_on.size() > 1) estimate.ran_on = "varied";
    if (series.limit && series.limit->metric == metric.name) add_limit(estimate, planned, *series.limit);
    add_trust_flags(estimate, series.trust);
    flag_outliers(estimate, std::move(values));
    return estimate;
}

Estimate paired_estimate(const Plan& plan, const PlannedCase& planned, const Metric& metric, const ArmSeries& series,
                         const ArmSeries& reference) {
    Estimate estimate = begin_estimate(planned, metric, series.arm);
    estimate.reference = reference.arm;
    estimate.method = "hodges_lehmann_paired";
    estimate.unit = "";
    estimate.kind = MetricKind::ratio;
    const Pairs pairs = pairs_of(metric, series, reference);
    estimate.blocks = static_cast<int>(pairs.worse_by.size());
    const auto value = hodges_lehmann_paired(pairs.worse_by);
    if (!value) {
        estimate.why = pairs.has_zero           ? "a block value is zero, so there is no ratio"
                       : pairs.worse_by.empty() ? "no block has a value in both arms"
                                                : value.error().what;
        return estimate;
    }
    estimate.value = std::expm1(*value);
    const double alpha = find_gate(planned, metric.name) != nullptr ? gate_alpha(plan) : 0.05;
    if (const auto interval = hodges_lehmann_paired_interval(pairs.worse_by, 1 - alpha)) {
        estimate.lo = std::expm1(interval->lo);
        estimate.hi = std::expm1(interval->hi);
        estimate.confidence = interval->confidence;
    } else {
        flag_underpowered(estimate, pairs.worse_by.size(), smallest_signed_rank_sample(alpha / 2),
                          "an interval at the level of this comparison");
    }
    const auto blocks = static_cast<std::size_t>(blocks_at(plan, static_cast<int>(plan.design.looks.size())));
    const double sd = sample_sd(pairs.worse_by);
    if (pairs.worse_by.size() >= 2 && blocks >= 2) estimate.mde = paired_detectable_effect(blocks, sd, alpha);
    flag_below_floor(estimate, metric, series, reference);
    return estimate;
}

}  // namespace passbench
