// What a scenario demands of the machine of its arms, held against what is there: the words of a refusal, and the card, which the
// guest's own probe names. CPUs and memory are for each provider to check or to give.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"

namespace passbench {

/// Error `precondition`: `machine.KEY` of the scenario is not met; `why` is "it has 4 CPUs, not 8".
[[nodiscard]] Error demand_not_met(const std::string& key, const std::string& why);

/// Of the resource that a survey describes a machine with.
inline constexpr std::string_view machine_cpus = "cpus";
inline constexpr std::string_view machine_memory = "memory_bytes";

/// For a machine that is what it is: error demand_not_met() where it has fewer CPUs or less memory. Nothing is said of what the facts
/// do not have. Its card is for the probe to name.
[[nodiscard]] Result<void> check_machine(const Facts& machine, const MachineDemand& demand);

/// Whether a card of this name is the one that is asked for: the words of `demand` stand in `name` one after the other, whatever
/// their case. A word is of letters and digits: "T4" is "Tesla T4" and "NVIDIA T4", not "T400".
[[nodiscard]] bool is_card(std::string_view name, std::string_view demand);

/// Error `precondition` where the guest has no card that works, with why, or another than `demand`.
[[nodiscard]] Result<void> check_card(const Environment& guest, const std::string& demand);

}  // namespace passbench
