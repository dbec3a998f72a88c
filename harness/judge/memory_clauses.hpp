// What memory tests say about a run: an error of memory, or less of a card's memory covered than the policy asks. Internal to this
// room.
#pragma once

#include <optional>

#include "harness/judge/judge.hpp"

namespace passbench {

/// Nothing where no memory test found an error.
[[nodiscard]] std::optional<Reason> memory_error(const Judged& judged);

/// Nothing where the policy asks for no coverage, or every arm has it: by each of its memory tests on a card, of which there is one.
[[nodiscard]] std::optional<Reason> coverage_short(const Judged& judged);

}  // namespace passbench
