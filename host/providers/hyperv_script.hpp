// Steps on a Windows host as the PowerShell that a person would type for them (facts 2.3, 2.4, 3.2 to 3.4): for dry runs and the runbook.
// To be read, never to be run by passbench: that calls the fixed functions of PassBench.psm1.
#pragma once

#include <string>
#include <vector>

#include "harness/records/environment.hpp"
#include "harness/scenario/eflow_settings.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// A line a step, in their order. `facts` is the survey that they were made from, `eflow` what EFLOW's machine is deployed with.
[[nodiscard]] std::string hyperv_script(const HostFacts& facts, const std::vector<Step>& steps,
                                        const EflowSettings& eflow = {});

}  // namespace passbench
