#include "harness/stats/arm_series.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "harness/stats/memory_tests.hpp"

namespace passbench {
namespace {

constexpr double ns_per_s = 1e9;

double mean(const std::vector<double>& values) {
    assert(!values.empty());
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Work of one operation that the rate counts.
double work_per_operation(const PlannedCase& planned, const Metric& metric) {
    assert(metric.kind == MetricKind::rate && metric.per_time != nullptr);
    return static_cast<double>(planned.work.*metric.per_time);
}

/// R7.3: total work / total time.
double rate(const PlannedCase& planned, const Metric& metric, double operations, double total_ns) {
    return work_per_operation(planned, metric) * operations * ns_per_s / total_ns;
}

/// The value of a metric over some trials of one block; nothing where they do not have it, or took no measurable time.
std::optional<double> value_of(const PlannedCase& planned, const Metric& metric,
                               const std::vector<TrialValues>& trials) {
    double operations = 0;
    double total = 0;
    std::vector<double> medians;
    for (const TrialValues& trial : trials) {
        const auto column = trial.columns.find(metric.column);
        if (column == trial.columns.end()) continue;
        operations += trial.operations;
        total += column->second.total;
        const bool is_time = metric.kind == MetricKind::time;
        medians.push_back(is_time ? column->second.median_per_operation : column->second.median_per_iteration);
    }
    if (medians.empty()) return std::nullopt;
    if (metric.kind != MetricKind::rate) return mean(medians) * metric.scale;
    if (work_per_operation(planned, metric) <= 0 || total <= 0) return std::nullopt;
    return rate(planned, metric, operations, total);
}

std::string ran_on(const Facts& facts) {
    if (auto device = fact_text(facts, trial_fact::device)) return *std::move(device);
    std::string text;
    if (const auto threads = fact_int(facts, trial_fact::threads)) {
        text = std::to_string(*threads) + (*threads == 1 ? " thread" : " threads");
    }
    const std::string isa = fact_text(facts, trial_fact::isa).value_or("");
    if (!isa.empty()) text += (text.empty() ? "" : ", ") + isa;
    return text;
}

/// Three times the default budget of a gate (method.md section 18): what it may cost could hide what a gate looks for.
constexpr double notable_steal = 0.10;

void add_trust(TrustCounts& trust, const Facts& facts) {
    ++trust.trials;
    if (!fact_bool(facts, trial_fact::steady).value_or(true)) ++trust.unsteady;
    if (!fact_bool(facts, trial_fact::timer_ok).value_or(true)) ++trust.coarse;
    if (auto by = fact_text(facts, trial_fact::held_back)) {
        if (trust.held_back++ == 0) trust.held_back_by = *std::move(by);
    }
    if (auto words = fact_text(facts, trial_fact::slow_link)) {
        if (trust.slow_link++ == 0) trust.slow_link_words = *std::move(words);
    }
    if (fact_bool(facts, trial_fact::stale_telemetry).value_or(false)) ++trust.stale;
    const double steal = fact_double(facts, trial_fact::steal_fraction).value_or(0);
    if (steal > notable_steal) ++trust.stolen;
    trust.worst_steal = std::max(trust.worst_steal, steal);
    trust.timer_resolution_ns =
        std::max(trust.timer_resolution_ns, fact_double(facts, trial_fact::timer_resolution_ns).value_or(0));
    if (trust.injected.empty()) trust.injected = fact_text(facts, trial_fact::injected).value_or("");
    if (const std::string machine = ran_on(facts); !machine.empty()) trust.ran_on.insert(machine);
}

/// The trials of one block, as they are read one after the other.
struct BlockTrials {
    std::vector<TrialValues> values;
    std::vector<const Event*> outcomes;  // parallel to values
};

/// Each trial's value divided by its own limit, averaged over the block.
void add_limit(ArmSeries& series, const PlannedCase& planned, const Workload& workload, const BlockTrials& block) {
    std::vector<double> limits;
    std::vector<double> shares;
    for (std::size_t index = 0; index < block.values.size(); ++index) {
        const Facts& facts = block.outcomes[index]->facts;
        const auto limit = fact_double(facts, trial_fact::limit_value);
        const auto kind = parse_limit_kind(fact_text(facts, trial_fact::limit_kind).value_or("none"));
        const auto* metric = find_metric(workload, fact_text(facts, trial_fact::limit_metric).value_or(""));
        if (!limit || *limit <= 0 || !kind || *kind == LimitKind::none || metric == nullptr) continue;
        const auto value = value_of(planned, *metric, {block.values[index]});
        if (!value) continue;
        if (!series.limit) series.limit = LimitSeries{.metric = std::string(metric->name), .kind = *kind};
        if (series.limit->metric != metric->name) continue;
        series.limit->formula = fact_text(facts, trial_fact::limit_formula).value_or("");
        limits.push_back(*limit);
        shares.push_back(*value / *limit);
    }
    if (limits.empty()) return;
    series.limit->limits.push_back(mean(limits));
    series.limit->shares.push_back(mean(shares));
}

void add_block(ArmSeries& series, const PlannedCase& planned, const Workload& workload, const BlockTrials& trials,
               int block, int attempt) {
    for (const Metric& metric : workload.metrics) {
        const auto value = value_of(planned, metric, trials.values);
        if (!value) continue;
        series.blocks[std::string(metric.name)].push_back({.case_name = planned.name,
                                                           .metric = std::string(metric.name),
                                                           .arm = series.arm,
                                                           .block = block,
                                                           .attempt = attempt,
                                                           .trials = static_cast<int>(trials.values.size()),
                                                           .value = *value});
    }
    std::map<std::string, std::vector<double>> medians;
    for (const TrialValues& trial : trials.values) {
        for (const auto& [column, totals] : trial.columns) medians[column].push_back(totals.median_per_iteration);
    }
    for (const auto& [column, values] : medians) series.median_iterations[column].push_back(mean(values));
    add_limit(series, planned, workload, trials);
    if (attempt > 0) series.trust.redone_blocks.push_back(block);
}

std::set<std::string_view> columns_of(const Workload& workload) {
    std::set<std::string_view> columns;
    for (const Metric& metric : workload.metrics) columns.insert(metric.column);
    return columns;
}

}  // namespace

int blocks_at(const Plan& plan, int look) {
    assert(look >= 1);
    const auto planned = static_cast<int>(plan.blocks.size());
    const auto& looks = plan.design.looks;
    const auto index = static_cast<std::size_t>(look - 1);
    return index < looks.size() ? std::min(looks[index], planned) : planned;
}

Result<ArmSeries> measure_series(const Measured& measured, const TrialIndex& index, const PlannedCase& planned,
                                 const Workload& workload, const std::string& arm) {
    ArmSeries series;
    series.case_name = planned.name;
    series.arm = arm;
    const std::set<std::string_view> columns = columns_of(workload);
    const int first_look_blocks = blocks_at(measured.plan, 1);
    for (int block = 0; block < blocks_at(measured.plan, measured.look); ++block) {
        // A later look measures only the cases that are still open, so a case without any event there is not missing.
        if (block >= first_look_blocks && !index.begun(planned.name, block)) continue;
        const auto attempt = measured.attempts.find(block);
        BlockTrials trials;
        for (int trial = 0; trial < measured.plan.design.trials; ++trial) {
            const TrialRecords records = index.find(planned.name, arm, block, trial);
            const auto fault = attempt == measured.attempts.end()
                                   ? std::optional(TrialFault{"error", "the block was not measured to its end"})
                                   : fault_of(records);
            if (fault) {
                series.missing.push_back({planned.name, arm, block, trial, fault->word, fault->text});
                continue;
            }
            PASSBENCH_TRY(TrialValues values, read_trial(measured.samples, records.chunks, columns));
            series.trust.simulated = series.trust.simulated || values.simulated;
            add_trust(series.trust, records.outcome->facts);
            series.memory = with_trial(std::move(series.memory), records.outcome->facts);
            trials.values.push_back(std::move(values));
            trials.outcomes.push_back(records.outcome);
            series.trials.push_back(records.chunks);
            series.outcomes.push_back(records.outcome);
        }
        if (!trials.values.empty()) add_block(series, planned, workload, trials, block, attempt->second);
    }
    return series;
}

}  // namespace passbench
