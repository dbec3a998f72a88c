// What a scenario demands of the machine of its arms, held against what is there: the words of a refusal, and the card, which the
// guest's own probe names. CPUs and memory are for each provider to check or to give.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

/// Error `precondition`: `machine.KEY` of the scenario is not met; `why` is "it has 4 CPUs, not 8".
[[nodiscard]] Error demand_not_met(const std::string& key, const std::string& why);

/// Whether a card of this name is the one that is asked for: the words of `demand` stand in `name` one after the other, whatever
/// their case. A word is of letters and digits: "T4" is "Tesla T4" and "NVIDIA T4", not "T400".
[[nodiscard]] bool is_card(std::string_view name, std::string_view demand);

/// Error `precondition` where the guest has no card that works, with why, or another than `demand`.
[[nodiscard]] Result<void> check_card(const Environment& guest, const std::string& demand);

}  // namespace passbench
