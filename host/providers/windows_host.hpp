// The Windows host that a lease is on: how it is spoken to, and the time it lives in.
#pragma once

#include <memory>
#include <string>

#include "harness/core/result.hpp"
#include "harness/scenario/lab.hpp"
#include "host/providers/hyperv_lease.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

/// Whether Windows is what a run is about: what this program runs on, or the host that a simulated lab plays.
[[nodiscard]] bool has_windows_host(const Lab& lab, const std::string& fixture);

/// Starts the interpreter of the lease's host. Errors: the interpreter's; `unsupported` for a host that is not simulated where this
/// program does not run on Windows; `usage` for a fixture that is not there, with those that are.
[[nodiscard]] Result<std::unique_ptr<Provider>> make_hyperv_provider(const HypervLease& lease);

}  // namespace passbench
