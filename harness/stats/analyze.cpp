#include "harness/stats/analyze.hpp"

#include <array>
#include <string>

#include "harness/stats/arm_series.hpp"
#include "harness/stats/estimates.hpp"
#include "harness/stats/fits.hpp"
#include "harness/stats/host_times.hpp"
#include "harness/stats/order_statistic.hpp"
#include "harness/stats/power.hpp"
#include "harness/stats/select_ranks.hpp"
#include "harness/stats/speed_ups.hpp"
#include "harness/stats/tails.hpp"
#include "harness/stats/wall_parts.hpp"

namespace passbench {
namespace {

constexpr std::array shown_percentiles = {0.50, 0.90, 0.95, 0.99};
constexpr std::size_t max_quantiles_of_case = 200;

Result<const Workload*> workload_of(const PlannedCase& planned) {
    const Workload* workload = find_workload(planned.workload);
    if (workload == nullptr) {
        return fail({.code = ErrorCode::bad_record,
                     .what = "the plan names the workload '" + planned.workload + "', which this build does not know",
                     .where = planned.name,
                     .fix = "Analyse the run with the passbench that made it, or a newer one."});
    }
    return workload;
}

/// R8.1, R8.2: percentiles of all iterations of a case and arm, for description; those for which there are enough.
Result<std::vector<Quantile>> quantiles_of(const SampleReader& samples, const ArmSeries& series, const Metric& metric,
                                           double confidence) {
    std::vector<Quantile> quantiles;
    std::size_t n = 0;
    for (const auto& chunks : series.trials) {
        for (const Chunk* chunk : chunks) n += static_cast<std::size_t>(chunk->n);
    }
    std::vector<std::size_t> ranks;
    for (const double p : shown_percentiles) {
        if (n < smallest_sample(p, confidence)) continue;
        ranks.push_back(nearest_rank(n, p));
        quantiles.push_back({.case_name = series.case_name,
                             .arm = series.arm,
                             .metric = std::string(metric.name),
                             .p = p,
                             .value = 0,
                             .n = static_cast<std::int64_t>(n)});
    }
    PASSBENCH_TRY(const std::vector<double> values,
                  select_ranks(ranks, [&](const std::function<void(double)>& take) -> Result<void> {
                      for (const auto& chunks : series.trials) {
                          PASSBENCH_CHECK(each_value_per_operation(samples, chunks, metric.column, take));
                      }
                      return {};
                  }));
    for (std::size_t index = 0; index < values.size(); ++index) quantiles[index].value = values[index];
    return quantiles;
}

bool has_percentiles(const Metric& metric, const ArmSeries& series) {
    return metric.kind == MetricKind::time && series.blocks.contains(metric.name);
}

/// A metric that no arm has (a device time on a CPU, a rate of work that the case does not do) is left out.
bool is_measured(const Metric& metric, const std::vector<ArmSeries>& arms) {
    for (const ArmSeries& series : arms) {
        if (series.blocks.contains(metric.name)) return true;
    }
    return false;
}

void append_estimates(Stats& stats, const Plan& plan, const PlannedCase& planned, const Workload& workload,
                      const std::vector<ArmSeries>& arms) {
    for (const Metric& metric : workload.metrics) {
        const bool is_gated = find_gate(planned, metric.name) != nullptr;
        const bool is_first = &metric == &workload.metrics.front();
        if (!is_measured(metric, arms) && !is_gated && !is_first) continue;
        for (const ArmSeries& series : arms) {
            stats.estimates.push_back(arm_estimate(planned, metric, series, stats.confidence));
        }
        for (std::size_t arm = 1; arm < arms.size(); ++arm) {
            stats.estimates.push_back(paired_estimate(plan, planned, metric, arms[arm], arms[0]));
        }
    }
}

Result<void> append_quantiles(Stats& stats, const SampleReader& samples, const Workload& workload,
                              const std::vector<ArmSeries>& arms) {
    std::size_t of_case = 0;
    for (const Metric& metric : workload.metrics) {
        for (const ArmSeries& series : arms) {
            if (!has_percentiles(metric, series) || of_case + shown_percentiles.size() > max_quantiles_of_case)
                continue;
            PASSBENCH_TRY(const std::vector<Quantile> quantiles,
                          quantiles_of(samples, series, metric, stats.confidence));
            stats.quantiles.insert(stats.quantiles.end(), quantiles.begin(), quantiles.end());
            of_case += quantiles.size();
        }
    }
    return {};
}

void append_series(Stats& stats, const ArmSeries& series) {
    stats.simulated = stats.simulated || series.trust.simulated;
    stats.missing.insert(stats.missing.end(), series.missing.begin(), series.missing.end());
    if (series.memory) {
        stats.memory.push_back(*series.memory);
        stats.memory.back().case_name = series.case_name;
        stats.memory.back().arm = series.arm;
    }
    for (const auto& [metric, values] : series.blocks) {
        stats.blocks.insert(stats.blocks.end(), values.begin(), values.end());
    }
}

}  // namespace

Result<Stats> analyze(const Measured& measured) {
    Stats stats;
    stats.look = measured.look;
    stats.looks = static_cast<int>(measured.plan.design.looks.size());
    const TrialIndex index(measured);
    for (const PlannedCase& planned : measured.plan.cases) {
        PASSBENCH_TRY(const Workload* workload, workload_of(planned));
        std::vector<ArmSeries> arms;
        for (const std::string& arm : measured.plan.arms) {
            PASSBENCH_TRY(ArmSeries series, measure_series(measured, index, planned, *workload, arm));
            append_series(stats, series);
            PASSBENCH_TRY(const std::vector<BlockValue> tails, tails_of(measured.plan, measured.samples, series));
            stats.blocks.insert(stats.blocks.end(), tails.begin(), tails.end());
            arms.push_back(std::move(series));
        }
        append_estimates(stats, measured.plan, planned, *workload, arms);
        for (const ArmSeries& series : arms) {
            if (auto parts = wall_parts(planned, *workload, series, stats.confidence))
                stats.parts.push_back(*std::move(parts));
        }
        PASSBENCH_CHECK(append_quantiles(stats, measured.samples, *workload, arms));
    }
    stats.host_times = host_times(measured.events, measured.plan.arms, stats.confidence);
    stats.fits = fit_lines(measured.plan, stats.blocks, stats.confidence);
    if (!stats.simulated) stats.speed_ups = find_speed_ups(measured.plan, stats.blocks, stats.confidence);
    return stats;
}

}  // namespace passbench
