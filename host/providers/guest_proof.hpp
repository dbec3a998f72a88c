// Proof that a guest got what was asked for, before anything is measured in it: by which way the card came, and that it is the card
// that the host gave. Asked for DDA and found /dev/dxg is a failure with both facts.
#pragma once

#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

struct PassthroughWanted {
    std::string
        method;         // as the guest's classifier calls it (gpu.passthrough): dda, gpupv, eflow_dda, eflow_gpupv, wsl
    HostFacts host;     // as surveyed
    std::string card;   // gpu/LOCATION
    std::string guest;  // vm/NAME, wsl/NAME
};

/// Error `precondition` with what was asked for, what is there and, where its signs are known, the finding. Of a shared card the guest
/// sees no ids, so those are held together for a whole card alone.
[[nodiscard]] Result<void> check_passthrough(const Environment& seen, const PassthroughWanted& wanted);

/// Of a guest that is a distribution of WSL: error `precondition` where the two folders of Windows that its card needs are not mounted
/// there, which stops no distribution from starting (facts 3.7).
[[nodiscard]] Result<void> check_wsl_mounts(const Environment& seen, const PassthroughWanted& wanted);

}  // namespace passbench
