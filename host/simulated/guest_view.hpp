// What the Linux guest of a simulated host sees of its card: facts 2.6, 3.6 and 4.1. As a tree of the files that the agent's probe
// looks at, so that the same classifier works on it as in a real guest.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/simulated/simulated_state.hpp"

namespace passbench {

struct GuestView {
    /// Below the root of the guest: "sys/bus/pci/devices/7870:00:00.0/vendor" -> "0x10de\n". What a link points to begins with "-> ".
    std::map<std::string, std::string> files;
    std::vector<std::string> kernel_log;
};

/// Of a guest that runs, by its resource ("vm/lab-guest", "wsl/Ubuntu-22.04", "eflow"); empty where it does not.
[[nodiscard]] GuestView guest_view(const SimulatedState& state, const std::string& guest);

}  // namespace passbench
