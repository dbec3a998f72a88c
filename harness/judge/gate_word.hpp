// The word of one gate and its sentence, from a comparison's estimate and its budget (R9.4, R9.7). Not the validity states:
// who calls has already seen that both sides are valid.
#pragma once

#include <optional>
#include <string>

#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

/// What is gated: `budget` is a fraction, 0.03 is 3 %.
struct GateQuestion {
    const Estimate& estimate;  // a comparison: positive = worse
    double budget;
};

/// ok, improved, regressed or inconclusive; the first that matches, top to bottom. `error` where there is no value at all.
[[nodiscard]] GateWord gate_word(const GateQuestion& question);

/// How many blocks more would settle an inconclusive gate if its estimate stayed where it is, for an interval narrows with
/// the root of the blocks; nothing where there is no interval yet or the estimate sits on the budget.
[[nodiscard]] std::optional<double> blocks_still_needed(const GateQuestion& question);

/// The gate's verdict with word, numbers and sentence.
[[nodiscard]] GateVerdict gate_verdict(const GateQuestion& question);

[[nodiscard]] const Flag* find_flag(const std::vector<Flag>& flags, std::string_view code);

/// "12 %" and "0.5 %": a budget as it was written, without a needless decimal.
[[nodiscard]] std::string budget_text(double fraction);

}  // namespace passbench
