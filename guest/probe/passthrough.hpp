// By which way a card came into this machine, without the rest of the fingerprint: each trial asks, for the rules of the card's
// memory depend on it.
#pragma once

#include <string>
#include <string_view>

#include "guest/probe/machine_files.hpp"

namespace passbench {

/// Is there in Hyper-V's root partition alone; in what Windows says of itself.
inline constexpr std::string_view root_partition_file = "sys/hypervisor/root_partition";

/// CPUID leaf 0x40000000 of this CPU: "Microsoft Hv"; "" on bare metal.
[[nodiscard]] std::string hypervisor_signature();

/// native, dda, gpupv, wsl, eflow_dda, eflow_gpupv, vfio, none, mixed or unknown (results/README.md), by files and signature of one machine.
[[nodiscard]] std::string passthrough_of(const MachineFiles& files, std::string_view signature);

}  // namespace passbench
