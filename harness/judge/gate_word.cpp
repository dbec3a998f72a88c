#include "harness/judge/gate_word.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {
namespace {

// More blocks than this are no plan but another question.
constexpr double most_blocks_proposed = 1000;

bool beats_floor(const Estimate& estimate) { return find_flag(estimate.flags, "below_floor") == nullptr; }

std::string interval_text(const Estimate& estimate) {
    return fmt::format("interval {} .. {}", format_percent(*estimate.lo), format_percent(*estimate.hi));
}

/// "dda against native in wall"
std::string what_against_what(const Estimate& estimate) {
    return fmt::format("{} against {} in {}", estimate.arm, estimate.reference.value_or("the reference"),
                       estimate.metric);
}

std::string without_interval(const Estimate& estimate) {
    if (!estimate.value) return fmt::format("There is no value of {}: {}.", what_against_what(estimate), estimate.why);
    const Flag* flag = find_flag(estimate.flags, "underpowered");
    return fmt::format("{} changed by {}, but there is no interval yet: {}.", what_against_what(estimate),
                       format_percent(*estimate.value), flag == nullptr ? "too few blocks" : flag->text);
}

std::string inconclusive_text(const GateQuestion& question) {
    const Estimate& estimate = question.estimate;
    if (!estimate.lo || !estimate.hi) return without_interval(estimate);
    const std::string begin =
        fmt::format("{}: {} ({}) does not show on which side of the budget of {} it is", what_against_what(estimate),
                    format_percent(*estimate.value), interval_text(estimate), budget_text(question.budget));
    if (const Flag* floor = find_flag(estimate.flags, "below_floor")) return fmt::format("{}; {}.", begin, floor->text);
    const auto needed = blocks_still_needed(question);
    if (!needed) return begin + ", on which the estimate lies.";
    if (*needed > most_blocks_proposed) return begin + "; more blocks alone will not show it.";
    return fmt::format("{}; about {:.0f} more blocks would.", begin, *needed);
}

std::string sentence(const GateQuestion& question, GateWord word) {
    const Estimate& estimate = question.estimate;
    const std::string reference = estimate.reference.value_or("the reference");
    const std::string budget = budget_text(question.budget);
    switch (word) {
        case GateWord::regressed:
            return fmt::format("{} is {} worse than {} in {} ({}), which is more than the budget of {}.", estimate.arm,
                               format_percent(*estimate.value), reference, estimate.metric, interval_text(estimate),
                               budget);
        case GateWord::improved:
            return fmt::format("{} is {} better than {} in {} ({}), which is more than the budget of {}.", estimate.arm,
                               format_percent(-*estimate.value), reference, estimate.metric, interval_text(estimate),
                               budget);
        case GateWord::ok:
            if (*estimate.hi < 0) {
                return fmt::format("{} is not worse than {} in {} ({}; budget {}).", estimate.arm, reference,
                                   estimate.metric, interval_text(estimate), budget);
            }
            return fmt::format("{} is at most {} worse than {} in {} ({}), within the budget of {}.", estimate.arm,
                               format_percent(*estimate.hi), reference, estimate.metric, interval_text(estimate),
                               budget);
        default:
            return inconclusive_text(question);
    }
}

}  // namespace

const Flag* find_flag(const std::vector<Flag>& flags, std::string_view code) {
    const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.code == code; });
    return found == flags.end() ? nullptr : &*found;
}

std::string budget_text(double fraction) { return fmt::format("{:g} %", std::round(fraction * 1e8) / 1e6); }

GateWord gate_word(const GateQuestion& question) {
    const Estimate& estimate = question.estimate;
    if (!estimate.value) return GateWord::error;  // it was planned, and there is no number
    if (!estimate.lo || !estimate.hi) return GateWord::inconclusive;
    const bool measurable = beats_floor(estimate);
    if (measurable && *estimate.lo > 0 && *estimate.value > question.budget) return GateWord::regressed;
    if (measurable && *estimate.hi < 0 && *estimate.value < -question.budget) return GateWord::improved;
    if (*estimate.hi < question.budget) return GateWord::ok;
    return GateWord::inconclusive;
}

std::optional<double> blocks_still_needed(const GateQuestion& question) {
    const Estimate& estimate = question.estimate;
    if (!estimate.value || !estimate.lo || !estimate.hi || estimate.blocks == 0) return std::nullopt;
    const double value = *estimate.value;
    if (value == question.budget) return std::nullopt;
    // Towards ok the upper end has to come below the budget, towards regressed the lower end above zero.
    const bool towards_ok = value < question.budget;
    const double half_width = towards_ok ? *estimate.hi - value : value - *estimate.lo;
    const double ratio = half_width / (towards_ok ? question.budget - value : value);
    const auto have = static_cast<double>(estimate.blocks);
    return std::max(1.0, std::ceil(have * ratio * ratio - have - 1e-9));
}

GateVerdict gate_verdict(const GateQuestion& question) {
    const Estimate& estimate = question.estimate;
    GateVerdict verdict;
    verdict.case_name = estimate.case_name;
    verdict.metric = estimate.metric;
    verdict.arm = estimate.arm;
    verdict.reference = estimate.reference.value_or("");
    verdict.word = gate_word(question);
    verdict.estimate = estimate.value;
    verdict.lo = estimate.lo;
    verdict.hi = estimate.hi;
    verdict.budget = question.budget;
    verdict.blocks = estimate.blocks;
    verdict.mde = estimate.mde;
    verdict.text = sentence(question, verdict.word);
    return verdict;
}

}  // namespace passbench
