// EFLOW's virtual machine as a resource: one property at a time, through the fixed functions. Internal to this room.
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/eflow_settings.hpp"
#include "host/powershell/host_functions.hpp"

namespace passbench {

/// Sets a property of resource "eflow". The configuration is always handed over whole, for what Set-EflowVM is not given it resets (E2).
/// `facts`: the host as it is. Error `usage` for a property that cannot be set.
[[nodiscard]] Result<void> set_eflow(HostFunctions& functions, const HostFacts& facts, const EflowSettings& settings,
                                     const std::string& property, const std::string& value);

/// Brings a file by Copy-EflowVmFile and, where that refuses (E12), in pieces by commands.
[[nodiscard]] Result<void> copy_to_eflow(HostFunctions& functions, const std::filesystem::path& file,
                                         const std::string& guest_path);

}  // namespace passbench
