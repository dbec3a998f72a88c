// The run's word: the clauses of `qualified` in their order (design.md section 6). The first that fails gives the word; all
// that fail are listed, each with a sentence and what to do. Internal to this room.
#pragma once

#include <vector>

#include "harness/judge/judge.hpp"

namespace passbench {

struct Clauses {
    RunWord word;
    std::vector<Reason> reasons;  // the first is why the word is what it is
};

/// `verdict` has its gates, flags and `simulated` already.
[[nodiscard]] Clauses judge_clauses(const Judged& judged, const Verdict& verdict);

}  // namespace passbench
