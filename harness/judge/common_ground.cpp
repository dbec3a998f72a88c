#include "harness/judge/common_ground.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

namespace passbench {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

Result<std::vector<std::string>> shared_arms(const RunToCompare& left, const RunToCompare& right) {
    std::vector<std::string> shared;
    for (const std::string& arm : left.plan.arms) {
        const auto& others = right.plan.arms;
        if (std::find(others.begin(), others.end(), arm) != others.end()) shared.push_back(arm);
    }
    if (!shared.empty()) return shared;
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("the runs have no arm in common: {} has {}, {} has {}", left.name,
                                     joined(left.plan.arms), right.name, joined(right.plan.arms)),
                 .fix = "Compare runs whose scenarios name the same arm."});
}

Facts facts_of(const RunToCompare& run, const std::string& arm, Facts Environment::*part) {
    const auto found = run.environments.find(arm);
    return found == run.environments.end() ? Facts{} : found->second.*part;
}

std::string shown(const std::string& value) { return value.empty() ? "absent" : value; }

Result<void> require_same_identity(const RunToCompare& left, const RunToCompare& right,
                                   const std::vector<std::string>& arms) {
    std::vector<FactDifference> different = differences_of(left, right, arms, &Environment::identity);
    if (left.stats.simulated != right.stats.simulated) {
        different.push_back(
            {"simulated", to_string(Fact(left.stats.simulated)), to_string(Fact(right.stats.simulated))});
    }
    if (different.empty()) return {};
    std::string keys;
    for (const FactDifference& one : different) {
        keys +=
            fmt::format("{}{} ({} against {})", keys.empty() ? "" : ", ", one.key, shown(one.left), shown(one.right));
    }
    return fail({.code = ErrorCode::precondition,
                 .what = "the runs were not made on the same machine: " + keys,
                 .where = fmt::format("{} and {}", left.name, right.name),
                 .fix = "Compare runs of one machine and one agent; to compare machines, make them arms of one run."});
}

std::map<std::string_view, const PlannedCase*> cases_by_name(const Plan& plan) {
    std::map<std::string_view, const PlannedCase*> cases;
    for (const PlannedCase& planned : plan.cases) cases.emplace(planned.name, &planned);
    return cases;
}

Result<void> share_cases(CommonGround& ground, const RunToCompare& left, const RunToCompare& right) {
    const auto of_left = cases_by_name(left.plan);
    const auto of_right = cases_by_name(right.plan);
    for (const PlannedCase& planned : left.plan.cases) {
        const auto other = of_right.find(planned.name);
        if (other == of_right.end()) {
            ground.only_left.push_back(planned.name);
            continue;
        }
        if (other->second->workload_version != planned.workload_version) {
            return fail({.code = ErrorCode::usage,
                         .what = fmt::format("{} is version {} of its workload in one run and version {} in the other",
                                             planned.name, planned.workload_version, other->second->workload_version),
                         .where = fmt::format("{} and {}", left.name, right.name),
                         .fix = "Measure both with one version of passbench: their values do not mean the same."});
        }
        ground.cases.push_back(&planned);
    }
    for (const PlannedCase& planned : right.plan.cases) {
        if (!of_left.contains(planned.name)) ground.only_right.push_back(planned.name);
    }
    if (!ground.cases.empty()) return {};
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("the runs {} and {} share no case", left.name, right.name),
                 .fix = "Compare runs of one scenario, or of two that name the same cases."});
}

}  // namespace

std::vector<FactDifference> differences_of(const RunToCompare& left, const RunToCompare& right,
                                           const std::vector<std::string>& arms, Facts Environment::*part) {
    std::vector<FactDifference> all;
    for (const std::string& arm : arms) {
        for (FactDifference one : differences(facts_of(left, arm, part), facts_of(right, arm, part))) {
            if (arms.size() > 1) one.key = arm + ": " + one.key;
            all.push_back(std::move(one));
        }
    }
    return all;
}

Result<CommonGround> common_ground(const RunToCompare& left, const RunToCompare& right) {
    CommonGround ground;
    PASSBENCH_TRY(ground.arms, shared_arms(left, right));
    PASSBENCH_CHECK(require_same_identity(left, right, ground.arms));
    PASSBENCH_CHECK(share_cases(ground, left, right));
    return ground;
}

}  // namespace passbench
