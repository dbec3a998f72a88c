#include "harness/stats/fits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/stats/arm_series.hpp"
#include "harness/stats/hodges_lehmann.hpp"
#include "harness/stats/line.hpp"
#include "harness/stats/line_groups.hpp"
#include "harness/stats/order_statistic.hpp"
#include "harness/stats/tails.hpp"
#include "harness/stats/value_index.hpp"

namespace passbench {
namespace {

/// The lines of one group in one arm.
struct ArmLines {
    std::vector<std::int64_t> places;     // the values of the parameter that the lines go through, ascending
    std::map<int, StraightLine> lines;    // by block
    std::optional<FitResidual> furthest;  // where there is a line
};

void find_furthest(ArmLines& arm, const std::vector<const ValuesOfBlocks*>& times) {
    for (std::size_t i = 0; i < arm.places.size(); ++i) {
        std::vector<double> residuals;
        for (const auto& [block, line] : arm.lines) {
            residuals.push_back(
                above_line(line, {.x = static_cast<double>(arm.places[i]), .time = times[i]->at(block)}));
        }
        const auto middle = median(std::move(residuals));
        if (!middle) continue;
        // As factors: half of the line is as far from it as twice the line.
        if (!arm.furthest || std::abs(std::log1p(*middle)) > std::abs(std::log1p(arm.furthest->value))) {
            arm.furthest = FitResidual{.at = arm.places[i], .value = *middle};
        }
    }
}

ArmLines lines_of(const LineGroup& group, const ValueIndex& index, std::string_view arm_name, int first_look_blocks) {
    ArmLines arm;
    std::vector<const ValuesOfBlocks*> times;
    for (const auto& [x, planned] : group.cases) {
        const ValuesOfBlocks& values = index.find(planned->name, arm_name, group.metric);
        const auto in_first_look = std::count_if(values.begin(), values.end(), [&](const auto& value) {
            return value.first < first_look_blocks && value.second > 0;
        });
        if (in_first_look == 0 || 2 * in_first_look < first_look_blocks) continue;
        arm.places.push_back(x);
        times.push_back(&values);
    }
    if (arm.places.size() < least_line_points) return arm;
    for (const auto& [block, time] : *times.front()) {
        std::vector<LinePoint> points;
        for (std::size_t i = 0; i < times.size(); ++i) {
            const auto value = times[i]->find(block);
            if (value == times[i]->end()) break;
            points.push_back({.x = static_cast<double>(arm.places[i]), .time = value->second});
        }
        if (points.size() < times.size()) continue;
        if (const auto line = fit_line(points)) arm.lines.emplace(block, *line);
    }
    find_furthest(arm, times);
    return arm;
}

/// One number that is read from a line.
struct NumberOfLine {
    std::string_view name;
    std::string unit;
    /// Nothing where a line has none: a rate where the time does not grow.
    std::optional<double> (*of)(const StraightLine& line);
    std::string why_none;                // ends "in 2 of 8 blocks "
    std::optional<Direction> direction;  // none: not compared between arms
};

constexpr double ns_a_second = 1e9;

std::optional<double> intercept_of(const StraightLine& line) { return line.intercept; }
std::optional<double> slope_of(const StraightLine& line) { return line.slope; }
std::optional<double> rate_of(const StraightLine& line) {
    return line.slope > 0 ? std::optional(ns_a_second / line.slope) : std::nullopt;
}
std::optional<double> half_of(const StraightLine& line) {
    return line.slope > 0 && line.intercept > 0 ? std::optional(line.intercept / line.slope) : std::nullopt;
}

std::vector<NumberOfLine> numbers_of(const LineGroup& group) {
    const std::string& unit = group.unit;
    const std::string does_not_grow = "the time does not grow with " + group.parameter;
    if (group.model == LineModel::a_plus_b) {
        return {{"a", "ns", &intercept_of, "", Direction::lower}, {"b", "ns", &slope_of, "", Direction::lower}};
    }
    return {{"alpha", "ns", &intercept_of, "", Direction::lower},
            {"beta", unit + "/s", &rate_of, does_not_grow, Direction::higher},
            {"n_half", unit, &half_of, "alpha is not above zero, or " + does_not_grow, std::nullopt}};
}

std::string model_of(const LineGroup& group) {
    return group.model == LineModel::alpha_beta ? "alpha + " + group.parameter + " / beta"
                                                : "a + b x " + group.parameter;
}

std::string too_few_blocks(std::size_t have, std::size_t need) {
    return counted(have, "block") + " measured; an interval needs " + std::to_string(need);
}

FitNumber over_blocks(const NumberOfLine& number, const ArmLines& arm, double confidence) {
    FitNumber result{.name = std::string(number.name), .unit = number.unit};
    std::vector<double> values;
    for (const auto& [block, line] : arm.lines) {
        if (const auto value = number.of(line)) values.push_back(*value);
    }
    if (values.size() < arm.lines.size()) {
        result.why = "in " + std::to_string(arm.lines.size() - values.size()) + " of " +
                     counted(arm.lines.size(), "block") + " " + number.why_none;
        return result;
    }
    std::sort(values.begin(), values.end());
    if (const auto middle = median(values)) result.value = *middle;
    if (const auto interval = quantile_interval(values, 0.5, confidence)) {
        result.lo = interval->lo;
        result.hi = interval->hi;
        result.confidence = interval->confidence;
    } else {
        result.why = too_few_blocks(values.size(), smallest_sample(0.5, confidence));
    }
    return result;
}

Fit begin_fit(const LineGroup& group, const std::string& arm) {
    Fit fit;
    fit.cases = group.name;
    fit.parameter = group.parameter;
    fit.metric = group.metric;
    fit.arm = arm;
    fit.model = model_of(group);
    return fit;
}

void describe(Fit& fit, const ArmLines& arm) {
    fit.points = static_cast<int>(arm.places.size());
    if (arm.places.empty()) return;
    fit.from = arm.places.front();
    fit.to = arm.places.back();
}

Fit fit_of_arm(const LineGroup& group, const std::string& name, const ArmLines& arm, double confidence) {
    Fit fit = begin_fit(group, name);
    fit.method = "least_log_deviations";
    fit.blocks = static_cast<int>(arm.lines.size());
    describe(fit, arm);
    if (group.metric == tail_metric && arm.places.empty()) {
        fit.why =
            "no block has the " + std::to_string(least_tail_iterations) + " iterations that a 99th percentile needs";
    } else if (arm.places.size() < least_line_points) {
        fit.why = counted(arm.places.size(), "value") + " of " + fit.parameter + " measured; a line needs " +
                  std::to_string(least_line_points);
    } else if (arm.lines.empty()) {
        fit.why = "no block has a value above zero at every place";
    }
    if (!fit.why.empty()) return fit;
    for (const NumberOfLine& number : numbers_of(group)) fit.numbers.push_back(over_blocks(number, arm, confidence));
    fit.furthest = arm.furthest;
    return fit;
}

FitNumber change_of(const NumberOfLine& number, const ArmLines& arm, const ArmLines& reference, double confidence) {
    FitNumber result{.name = std::string(number.name)};
    std::vector<double> worse_by;
    for (const auto& [block, line] : arm.lines) {
        const auto partner = reference.lines.find(block);
        if (partner == reference.lines.end()) continue;
        const double ours = number.of(line).value_or(0);
        const double theirs = number.of(partner->second).value_or(0);
        if (ours <= 0 || theirs <= 0) {
            result.why = "it is not above zero in every block, so there is no ratio";
            return result;
        }
        const double log_ratio = std::log(ours / theirs);
        worse_by.push_back(number.direction == Direction::lower ? log_ratio : -log_ratio);
    }
    const auto value = hodges_lehmann_paired(worse_by);
    if (!value) {
        result.why = worse_by.empty() ? "no block has a line in both arms" : value.error().what;
        return result;
    }
    result.value = std::expm1(*value);
    if (const auto interval = hodges_lehmann_paired_interval(worse_by, confidence)) {
        result.lo = std::expm1(interval->lo);
        result.hi = std::expm1(interval->hi);
        result.confidence = interval->confidence;
    } else {
        result.why = interval.error().what + ". " + interval.error().fix;
    }
    return result;
}

/// Lines through other places are other lines: where the arms differ in them there is no change to tell.
Fit change_of_arm(const LineGroup& group, const std::pair<std::string, std::string>& names, const ArmLines& arm,
                  const ArmLines& reference, double confidence) {
    Fit fit = begin_fit(group, names.first);
    fit.reference = names.second;
    fit.method = "hodges_lehmann_paired";
    describe(fit, arm);
    fit.blocks = static_cast<int>(std::count_if(
        arm.lines.begin(), arm.lines.end(), [&](const auto& line) { return reference.lines.contains(line.first); }));
    if (arm.places != reference.places) {
        fit.why = "the two arms were measured at different values of " + fit.parameter;
        return fit;
    }
    for (const NumberOfLine& number : numbers_of(group)) {
        if (number.direction) fit.numbers.push_back(change_of(number, arm, reference, confidence));
    }
    return fit;
}

}  // namespace

std::string name_without(const PlannedCase& planned, std::string_view parameter) {
    Parameters others = with_load(planned.parameters, planned.load);
    if (const auto place = others.find(parameter); place != others.end()) others.erase(place);
    return case_name(planned.workload, planned.form, others);
}

std::vector<Fit> fit_lines(const Plan& plan, const std::vector<BlockValue>& values, double confidence) {
    const ValueIndex index(values);
    const int first_look_blocks = blocks_at(plan, 1);
    std::vector<Fit> fits;
    for (const LineGroup& group : line_groups(plan)) {
        std::vector<ArmLines> arms;
        for (const std::string& arm : plan.arms) {
            arms.push_back(lines_of(group, index, arm, first_look_blocks));
            fits.push_back(fit_of_arm(group, arm, arms.back(), confidence));
        }
        for (std::size_t arm = 1; arm < arms.size(); ++arm) {
            if (arms[arm].lines.empty() || arms[0].lines.empty()) continue;
            fits.push_back(change_of_arm(group, {plan.arms[arm], plan.arms[0]}, arms[arm], arms[0], confidence));
        }
    }
    return fits;
}

}  // namespace passbench
