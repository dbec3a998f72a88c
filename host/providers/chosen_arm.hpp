// What the symbolic arms become: `auto` the passthrough that the card supports, `native` the machine itself, from Windows where that is
// what the machine runs. An arm that says what it is is taken as it says.
#pragma once

#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "harness/scenario/lab.hpp"

namespace passbench {

/// The providers that leave it open.
inline constexpr std::string_view auto_provider = "auto";
inline constexpr std::string_view native_provider = "native";
[[nodiscard]] bool is_left_open(const ArmBinding& binding);

struct ChosenArm {
    ArmBinding binding;  // its provider is one that make_provider() knows
    std::string why;     // one sentence
};

/// What `auto` or `native` is on this Windows host, by its survey and of the cards that the scenario may mean. Pure. Error `precondition` with
/// what is in the way and the fix, where nothing is possible.
[[nodiscard]] Result<ChosenArm> choose_arm(const ArmBinding& binding, const HostFacts& host,
                                           const MachineDemand& machine);

}  // namespace passbench
