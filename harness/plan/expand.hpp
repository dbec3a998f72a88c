// From [[case]] tables to cases: the matrix of each, what means the same merged.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/plan/make_plan.hpp"

namespace passbench {

/// The cases in the order of the tables, then forms as written, then axes by name with the last one fastest; each
/// alone, then beside each load of the scenario. Errors as of make_plan.
[[nodiscard]] Result<std::vector<PlannedCase>> expand_cases(const Scenario& scenario, Scale scale);

/// How many combinations the tables have, beside all loads, before any are merged; stops counting at the largest size_t.
[[nodiscard]] std::size_t count_combinations(const Scenario& scenario);

}  // namespace passbench
