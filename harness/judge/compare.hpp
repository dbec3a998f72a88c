// Two runs side by side: identity first (R14.4), then unpaired estimates (R9.2) of every case and metric they share. Pure.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/facts.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

struct RunToCompare {
    std::string name;  // the run directory's name
    const Plan& plan;
    const Stats& stats;
    const std::map<std::string, Environment>& environments;
};

struct Comparison {
    std::string left;  // the reference
    std::string right;
    std::vector<FactDifference> context;  // differing context keys: a warning
    std::vector<Estimate> estimates;      // relative change of right against left, positive = worse
    std::vector<GateVerdict> gates;       // the words, with the budget of the left plan's gate or 3 %
    std::vector<std::string> only_left;   // case names
    std::vector<std::string> only_right;
};

/// Compares the arms that both have by name. Error `precondition` listing the identity keys that differ with both values; `usage`
/// where the runs share no case, or a workload's versions differ.
[[nodiscard]] Result<Comparison> compare_runs(const RunToCompare& left, const RunToCompare& right);

[[nodiscard]] std::string to_json(const Comparison& comparison);

}  // namespace passbench
