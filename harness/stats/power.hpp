// How small a change a design can show (R11.1), from the spread of block values, and the level that a comparison is tested
// at (R9.6, R10.2).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "harness/records/plan.hpp"

namespace passbench {

/// The gates that share alpha: those of all cases, once for each arm that is compared with the reference; at least 1.
[[nodiscard]] int number_of_gates(const Plan& plan);
/// design.alpha / (looks x gates): what each gate is tested at, at each look.
[[nodiscard]] double gate_alpha(const Plan& plan);
[[nodiscard]] const Gate* find_gate(const PlannedCase& planned, std::string_view metric);

/// Sample standard deviation (n - 1); 0 for fewer than two values.
[[nodiscard]] double sample_sd(std::span<const double> values);

/// The change that a paired design of `blocks` blocks shows in 80 % of all runs, as a log ratio; blocks >= 2.
[[nodiscard]] double paired_detectable_effect(std::size_t blocks, double pair_sd, double alpha);
/// The same for two runs of n and m blocks with a common standard deviation; n + m >= 3.
[[nodiscard]] double unpaired_detectable_effect(std::size_t n, std::size_t m, double pooled_sd, double alpha);

}  // namespace passbench
