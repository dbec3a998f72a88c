// Windows hosts whose card can be had by a method: what tests of the providers of Windows work on. Simulated.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

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
/// What this method works on: for WSL and EFLOW a desktop of Windows 11, for eflow_dda with a T4; two distributions of WSL, and EFLOW's machine, run.
[[nodiscard]] HostFacts example_host(HypervMethod method);

inline const std::string example_distribution = "wsl/Ubuntu-22.04";

/// What a method's guest is, and how it is stopped.
struct ExampleGuest {
    std::string resource;
    std::string property;  // its state
    std::string off;       // that it is stopped in
    std::string device;    // a file that it has where it has its card
};
[[nodiscard]] ExampleGuest example_guest(HypervMethod method);

/// The methods that put something at our disposal by steps, for the suites that run over them.
inline const auto methods_with_steps = testing::Values(HypervMethod::dda, HypervMethod::gpupv, HypervMethod::wsl,
                                                       HypervMethod::eflow_dda, HypervMethod::eflow_gpupv);
constexpr auto name_of_method = [](const auto& method) { return std::string(to_string(method.param)); };

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
