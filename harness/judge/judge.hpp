// From estimates to words and sentences: the words of gates (R9.4), the clauses of `qualified` in their order (design.md
// section 6), and which cases the next look has to extend. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/run_directory.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

/// What a lab asks beyond the gates. The built-in policy waives nothing and asks for no coverage.
struct Policy {
    std::vector<std::string> waived_cases;
    std::optional<double> coverage = std::nullopt;  // of the card's memory, tested without error and proved to be there
};

struct Judged {
    const Plan& plan;
    const Stats& stats;
    const RunStatus& status;
    const std::map<std::string, Environment>& environments;
    Policy policy = {};
};

[[nodiscard]] Verdict judge(const Judged& judged);

/// By case of the plan: true where the next look has to measure it again: an inconclusive gate, or a control workload beside
/// one. All false where nothing is open or the last look is done.
[[nodiscard]] std::vector<bool> cases_for_next_look(const Plan& plan, const Verdict& verdict, int look);

}  // namespace passbench
