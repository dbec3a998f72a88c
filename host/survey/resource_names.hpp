// What the names of a Windows host's resources say (host_keys.hpp).
#pragma once

#include <string>
#include <string_view>

#include "harness/records/facts.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {

[[nodiscard]] inline bool is_device(std::string_view resource) {
    return resource.starts_with(gpu_prefix) || resource.starts_with(function_prefix);
}
/// PCIROOT(0)#PCI(0300)#PCI(0000)
[[nodiscard]] inline std::string location_of(std::string_view device) {
    return std::string(device.substr(device.find('/') + 1));
}
[[nodiscard]] inline std::string vm_resource(std::string_view name) {
    return std::string(vm_prefix) + std::string(name);
}
[[nodiscard]] inline std::string vm_name(std::string_view resource) {
    return std::string(resource.substr(vm_prefix.size()));
}
[[nodiscard]] inline bool is_distribution(std::string_view resource) { return resource.starts_with(wsl_prefix); }
[[nodiscard]] inline std::string distribution_resource(std::string_view name) {
    return std::string(wsl_prefix) + std::string(name);
}
[[nodiscard]] inline std::string distribution_name(std::string_view resource) {
    return std::string(resource.substr(wsl_prefix.size()));
}
/// The state of a device that a VM has.
[[nodiscard]] inline std::string state_in_vm(std::string_view name) {
    return std::string(device_state::vm_prefix) + std::string(name);
}
/// A fact as text, whatever its type; "" where it is absent.
[[nodiscard]] inline std::string shown_fact(const Facts& facts, std::string_view key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string() : to_string(found->second);
}

}  // namespace passbench
