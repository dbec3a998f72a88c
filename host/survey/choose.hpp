// What the symbolic arms become on a Windows host: `auto` the passthrough that the hardware supports, `native` the same card
// measured from Windows itself. Pure.
#pragma once

#include <span>
#include <string>

#include "harness/core/result.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

struct Choice {
    Method method;
    std::string location;  // of the GPU
    std::string why;       // one sentence
};

/// As EFLOW chooses, by the card: one for data centres is passed through whole, others are shared; of the ways to do that the
/// first that the table has: Hyper-V's own, EFLOW's, WSL's. Where a card cannot have its own mechanism, the other one. The first GPU
/// of `rows` that can be passed through at all is taken: give the rows that the scenario may mean. Error `precondition`, with what
/// is in the way and the fix, where none can be.
[[nodiscard]] Result<Choice> choose_auto(std::span<const GpuRow> rows);

/// native_windows, of the GPU that `auto` takes where that works, else of the first that works. Error `precondition` as above.
[[nodiscard]] Result<Choice> choose_native(std::span<const GpuRow> rows);

}  // namespace passbench
