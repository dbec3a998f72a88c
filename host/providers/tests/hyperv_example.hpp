// A Windows server whose card can be passed through whole and shared: what tests of the Hyper-V providers work on. Simulated.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "host/engine/lease.hpp"
#include "host/providers/hyperv_provider.hpp"
#include "host/simulated/simulated_host.hpp"

namespace passbench::tests {

inline const std::string example_card = "gpu/PCIROOT(0)#PCI(0300)#PCI(0000)";
inline const std::string example_sound = "function/PCIROOT(0)#PCI(0300)#PCI(0001)";
inline const std::string example_vm = "vm/lab-guest";

/// Made up from the facts: an RTX A2000 with its sound function and without mitigation driver, the VM lab-guest that runs, another
/// that is off, no policy values.
[[nodiscard]] HostFacts example_host();

/// The simulated host in a folder of its own, and what is asked of it.
class HypervExample {
public:
    /// Goes on with the host of an earlier example on the same folder.
    HypervExample(std::filesystem::path folder, HypervMethod method);

    /// A new program that works on this host.
    [[nodiscard]] std::unique_ptr<HypervProvider> provider();
    [[nodiscard]] LeaseRequest request() const;
    [[nodiscard]] EngineClock clock() { return host->clock(); }
    /// Of the host as it is now; there have to be some.
    [[nodiscard]] std::vector<Step> steps();
    /// Empty, and a failed test, where the host cannot be surveyed.
    [[nodiscard]] HostFacts survey();

    std::shared_ptr<SimulatedHost> host;

private:
    HypervMethod method_;
};

}  // namespace passbench::tests
