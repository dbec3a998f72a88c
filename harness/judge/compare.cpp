#include "harness/judge/compare.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "harness/judge/common_ground.hpp"
#include "harness/judge/evidence.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/stats/hodges_lehmann.hpp"
#include "harness/stats/power.hpp"
#include "harness/stats/rank_distribution.hpp"

namespace passbench {
namespace {

constexpr double default_budget = 0.03;  // R9.4
constexpr double watch_alpha = 0.05;     // of what is shown but has no word

/// Case, metric and arm; refers to the records.
using Key = std::tuple<std::string_view, std::string_view, std::string_view>;

Key key_of(const Estimate& estimate) { return {estimate.case_name, estimate.metric, estimate.arm}; }

std::map<Key, std::vector<double>> block_values(const Stats& stats) {
    std::map<Key, std::vector<double>> values;
    for (const BlockValue& block : stats.blocks)
        values[{block.case_name, block.metric, block.arm}].push_back(block.value);
    return values;
}

std::vector<double> values_at(const std::map<Key, std::vector<double>>& values, const Key& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::vector<double>{} : found->second;
}

/// Logs, their sign such that more is worse.
std::vector<double> badness(const std::vector<double>& values, Direction direction) {
    std::vector<double> logs;
    for (const double value : values) {
        if (value > 0) logs.push_back(direction == Direction::lower ? std::log(value) : -std::log(value));
    }
    return logs;
}

double pooled_sd(const std::vector<double>& x, const std::vector<double>& y) {
    const double of_x = sample_sd(x);
    const double of_y = sample_sd(y);
    const auto n = static_cast<double>(x.size() - 1);
    const auto m = static_cast<double>(y.size() - 1);
    return std::sqrt((n * of_x * of_x + m * of_y * of_y) / (n + m));
}

struct Level {
    double alpha;
    std::uint64_t seed;  // of the shuffles where values are tied
};

/// R9.2: the change from `x` to `y`, which are logs of badness, put into `estimate`.
void add_unpaired(Estimate& estimate, const std::vector<double>& x, const std::vector<double>& y, const Level& level) {
    estimate.method = "hodges_lehmann_unpaired";
    estimate.blocks = static_cast<int>(std::min(x.size(), y.size()));
    const auto value = hodges_lehmann_unpaired(x, y);
    if (!value) {
        estimate.why = "not both runs have block values above zero";
        return;
    }
    estimate.value = std::expm1(*value);
    if (const auto interval = hodges_lehmann_unpaired_interval(x, y, 1 - level.alpha, level.seed)) {
        estimate.lo = std::expm1(interval->lo);
        estimate.hi = std::expm1(interval->hi);
        estimate.confidence = interval->confidence;
    } else {
        estimate.flags.push_back(
            {"underpowered", fmt::format("{} and {} blocks measured; an interval at the level of "
                                         "this comparison needs {} in each run",
                                         x.size(), y.size(), smallest_mann_whitney_sample(level.alpha / 2))});
    }
    if (x.size() + y.size() >= 3) {
        estimate.mde = unpaired_detectable_effect(x.size(), y.size(), pooled_sd(x, y), level.alpha);
    }
}

/// The budgets of what gets a word: the metrics that the left plan gates, else the first metric of the case.
std::map<Key, double> budgets_of(const Stats& left, const CommonGround& ground) {
    std::map<std::string_view, std::string_view> first_metrics;
    for (const Estimate& estimate : left.estimates) first_metrics.emplace(estimate.case_name, estimate.metric);
    std::map<Key, double> budgets;
    for (const PlannedCase* planned : ground.cases) {
        for (const std::string& arm : ground.arms) {
            for (const Gate& gate : planned->gates) budgets[{planned->name, gate.metric, arm}] = gate.budget;
            const auto first = first_metrics.find(planned->name);
            if (planned->gates.empty() && first != first_metrics.end()) {
                budgets[{planned->name, first->second, arm}] = default_budget;
            }
        }
    }
    return budgets;
}

/// The word, unless one of the runs has no valid value.
GateVerdict word_of(const Estimate& estimate, double budget, const Evidence& left, const Evidence& right) {
    GateVerdict verdict = gate_verdict({.estimate = estimate, .budget = budget});
    for (const Evidence* side : {&left, &right}) {
        if (const auto state = validity_state(*side, estimate.case_name, estimate.arm)) {
            verdict.word = state->word;
            verdict.text = state->text;
            return verdict;
        }
    }
    return verdict;
}

}  // namespace

Result<Comparison> compare_runs(const RunToCompare& left, const RunToCompare& right) {
    PASSBENCH_TRY(const CommonGround ground, common_ground(left, right));
    const std::map<Key, double> budgets = budgets_of(left.stats, ground);
    const auto left_values = block_values(left.stats);
    const auto right_values = block_values(right.stats);
    const Evidence left_evidence(left.stats);
    const Evidence right_evidence(right.stats);
    std::set<std::string_view> cases;
    for (const PlannedCase* planned : ground.cases) cases.insert(planned->name);
    const std::set<std::string_view> arms(ground.arms.begin(), ground.arms.end());

    Comparison comparison;
    comparison.left = left.name;
    comparison.right = right.name;
    comparison.context = differences_of(left, right, ground.arms, &Environment::context);
    comparison.only_left = ground.only_left;
    comparison.only_right = ground.only_right;
    for (const Estimate& described : left.stats.estimates) {
        if (described.reference || !arms.contains(described.arm) || !cases.contains(described.case_name)) continue;
        const auto budget = budgets.find(key_of(described));
        const bool has_word = budget != budgets.end();
        const Level level{
            .alpha = has_word ? left.plan.design.alpha / static_cast<double>(budgets.size()) : watch_alpha,
            .seed = left.plan.design.seed};
        Estimate estimate;
        estimate.case_name = described.case_name;
        estimate.metric = described.metric;
        estimate.direction = described.direction;
        estimate.kind = MetricKind::ratio;
        estimate.arm = described.arm;
        estimate.reference = left.name;
        add_unpaired(estimate, badness(values_at(left_values, key_of(described)), described.direction),
                     badness(values_at(right_values, key_of(described)), described.direction), level);
        if (has_word) comparison.gates.push_back(word_of(estimate, budget->second, left_evidence, right_evidence));
        comparison.estimates.push_back(std::move(estimate));
    }
    return comparison;
}

}  // namespace passbench
