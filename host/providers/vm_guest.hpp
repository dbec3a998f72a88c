// The guest of a VM that has just been started: reached by ssh, as soon as it answers, at the address that the lab names or that its
// host tells. Each start is waited for anew; what was brought once stays there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/scenario/ssh_settings.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/powershell/host_functions.hpp"
#include "host/providers/hyperv_provider.hpp"

namespace passbench {

/// How long a guest may take from its VM's start to its first answer.
inline constexpr std::int64_t guest_boot_limit_s = 300;

/// Of the addresses that a guest tells its host the one to reach it by: version 4 before 6, and none that holds on one link alone.
/// "" where there is none.
[[nodiscard]] std::string reachable_address(const std::vector<std::string>& addresses);

/// `settings`: with the address told_by_host where its host has to be asked. What waits, waits by `clock`. Errors of the carrier: those of
/// ssh, and `timeout` where the guest has no address or does not answer within guest_boot_limit_s.
[[nodiscard]] GuestAccess vm_guest(std::shared_ptr<HostFunctions> host, SshSettings settings, EngineClock clock);

}  // namespace passbench
