// What is looked at before anything is measured: is the card free, sound and connected as it should be, does its software fit together,
// and does a variable of the environment change what is measured. Each check says what to do. Checks whose name begins with "gpu."
// are about the card; they are skipped where there is none.
#pragma once

#include <vector>

#include "guest/probe/probe.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

/// In the order in which they are shown. Pure but for the reading of files.
[[nodiscard]] std::vector<PreflightCheck> preflight_checks(const Machine& machine);

}  // namespace passbench
