// The Windows host that a lease is on: how it is spoken to, and the time it lives in.
#pragma once

#include <memory>
#include <string>

#include "harness/core/result.hpp"
#include "harness/scenario/lab.hpp"
#include "host/providers/hyperv_lease.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

/// Whether Windows is what a run is about: what this program runs on, what the lab's interpreter speaks for, or the host that a simulated
/// lab plays.
[[nodiscard]] bool has_windows_host(const Lab& lab, const std::string& fixture);

/// Starts the interpreter of the lease's host: the one that the lease names, what plays its fixture, or this Windows' own PowerShell. Errors:
/// the interpreter's; `unsupported` where none of them is to be had; `usage` for a fixture that is not there, with those that are.
[[nodiscard]] Result<std::unique_ptr<Provider>> make_hyperv_provider(const HypervLease& lease);

}  // namespace passbench
