// Steps that have no way back (Undo::keep) and the words of [consent] keep in a lab file by which somebody agrees to them.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/scenario/lab.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// Error `consent` with the line for lab.toml, for the first step that is not agreed to.
[[nodiscard]] Result<void> check_kept(const std::vector<Step>& steps, const Consent& given);

/// Those that are agreed to, as LeaseOrder::consents has them.
[[nodiscard]] std::vector<std::string> consented_steps(const std::vector<Step>& steps, const Consent& given);

}  // namespace passbench
