#include "host/simulated/rules.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::rules {
namespace {

constexpr std::int64_t workstation = 1;
constexpr std::int64_t no_os_control = 5;  // of pci.device_type
constexpr int no_bits_known = 52;

const Facts& facts_of(const SimulatedState& state, std::string_view resource) {
    static const Facts none;
    const auto found = state.facts.find(std::string(resource));
    return found == state.facts.end() ? none : found->second;
}

std::string text(const SimulatedState& state, const std::string& resource, std::string_view key) {
    return shown_fact(facts_of(state, resource), key);
}

std::string device_state_of(const SimulatedState& state, const std::string& device) {
    return text(state, device, device_key::state);
}

bool is_off(const SimulatedState& state, const std::string& vm) { return text(state, vm, vm_key::state) == "off"; }

/// Words of VMMS for what the facts only say is impossible: "None of the settings can be changed while the VM runs" (2.5).
FunctionError wrong_vm_state(const std::string& vm) {
    return {.message = fmt::format("The operation cannot be performed while the virtual machine is in its current "
                                   "state. '{}' is not turned off.",
                                   vm_name(vm)),
            .id = "InvalidState",
            .category = "InvalidOperation",
            .hresult = "0x80048007"};  // 32775 of WMI is "invalid state" (2.10); the HRESULT is made up
}

FunctionError not_found(const std::string& location) {  // 2.8
    return {.message = fmt::format("The specified device '{}' was not found on server 'SIMULATED'.", location),
            .id = "ObjectNotFound",
            .category = "ObjectNotFound"};
}

std::vector<std::string> devices_of(const SimulatedState& state, const std::string& vm) {
    std::vector<std::string> devices;
    const std::string given = state_in_vm(vm_name(vm));
    for (const auto& [resource, facts] : state.facts) {
        if (fact_text(facts, device_key::state) == given) devices.push_back(resource);
    }
    return devices;
}

bool has_partition(const SimulatedState& state, const std::string& vm) {
    const std::string path = text(state, vm, vm_key::gpu_partition);
    return !path.empty() && path != "none";
}

/// 2.8: client Windows and an IOMMU that is switched off end in one code.
Refusal start_with_devices(const SimulatedState& state, const std::string& vm) {
    const Facts& host = facts_of(state, host_resource);
    if (fact_int(host, host_key::product_type) == workstation || fact_text(host, host_key::iommu_policy) == "disable") {
        return FunctionError{.message =
                                 "Virtual Pci Express Port (Instance ID 00000000-0000-0000-0000-000000000000): Failed "
                                 "to Power on with Error 'A hypervisor feature is not available to the user'. "
                                 "(0xC035001E)",
                             .id = "OperationFailed",
                             .category = "OperationStopped",
                             .hresult = "0xc035001e"};
    }
    // 2.1, 2.8: static memory and TurnOff are required; the wording was not captured, these words are made up.
    if (text(state, vm, vm_key::dynamic_memory) == "true") {
        return FunctionError{.message =
                                 "The virtual machine cannot be started: it is configured for dynamic memory "
                                 "and has a device assigned.",
                             .id = "OperationFailed",
                             .category = "OperationStopped"};
    }
    if (text(state, vm, vm_key::stop_action) != "TurnOff") {
        return FunctionError{.message =
                                 "The virtual machine cannot be started: its automatic stop action must be "
                                 "TurnOff while a device is assigned.",
                             .id = "OperationFailed",
                             .category = "OperationStopped"};
    }
    return {};
}

/// 3.4: Server after 2022 refuses unless both values are 0.
bool asks_for_policy(const SimulatedState& state) {
    constexpr std::int64_t server_2022 = 20348;
    const Facts& host = facts_of(state, host_resource);
    return fact_int(host, host_key::product_type).value_or(workstation) != workstation &&
           fact_int(host, host_key::build).value_or(0) > server_2022;
}

/// 3.4, 3.8: where the policy keys are there and not 0.
Refusal start_with_partition(const SimulatedState& state, const std::string& vm) {
    for (const auto key : {registry_key::require_secure, registry_key::require_supported}) {
        const std::string value = text(state, std::string(registry_resource), key);
        if (value == "0" || (value.empty() && !asks_for_policy(state))) continue;
        if (value == registry_key::absent && !asks_for_policy(state)) continue;
        return FunctionError{.message = fmt::format("Could not allocate partitionable GPU device '{}' for virtual "
                                                    "machine '{}': it is not compliant with currently set group "
                                                    "policy.",
                                                    text(state, vm, vm_key::gpu_partition), vm_name(vm)),
                             .id = "OperationFailed",
                             .category = "OperationStopped"};
    }
    for (const auto& [resource, facts] : state.facts) {
        if (fact_text(facts, device_key::partitionable) == text(state, vm, vm_key::gpu_partition) &&
            fact_text(facts, device_key::state) == device_state::host) {
            return {};
        }
    }
    // 3.8: a path that is no longer one of the host's.
    return FunctionError{.message = "Insufficient system resources exist to complete the requested service.",
                         .id = "OperationFailed",
                         .category = "OperationStopped",
                         .hresult = "0x800705aa"};
}

/// 2.6, 3.8
Refusal check_mmio(const SimulatedState& state, const std::string& vm) {
    const Facts& facts = facts_of(state, vm);
    const auto base = fact_int(facts, vm_key::high_mmio_base);
    const auto size = fact_int(facts, vm_key::high_mmio);
    const auto bits = fact_int(facts_of(state, host_resource), host_key::address_bits);
    if (!base || !size || !bits || *bits >= no_bits_known) return {};
    if (*base + *size <= (std::int64_t{1} << *bits)) return {};
    return FunctionError{.message = fmt::format("'{}' specifies an upper MMIO region that is above the supported "
                                                "physical address range.",
                                                vm_name(vm)),
                         .id = "OperationFailed",
                         .category = "OperationStopped"};
}

}  // namespace

Refusal start(const SimulatedState& state, const std::string& vm) {
    if (!is_off(state, vm)) return wrong_vm_state(vm);
    if (auto refusal = check_mmio(state, vm)) return refusal;
    if (!devices_of(state, vm).empty()) {
        if (auto refusal = start_with_devices(state, vm)) return refusal;
    }
    return has_partition(state, vm) ? start_with_partition(state, vm) : Refusal();
}

Refusal change_setting(const SimulatedState& state, const std::string& vm, const std::string& property) {
    constexpr std::array<std::string_view, 2> changes_any_time = {vm_key::stop_action, vm_key::checkpoint_type};
    for (const auto free : changes_any_time) {
        if (property == free) return {};
    }
    return is_off(state, vm) ? Refusal() : wrong_vm_state(vm);
}

Refusal disable(const SimulatedState& state, const std::string& device) {
    if (device_state_of(state, device) == device_state::host) return {};
    return not_found(location_of(device));  // of that instance id there is no device, or it is disabled
}

Refusal enable(const SimulatedState& state, const std::string& device) {
    if (device_state_of(state, device) == device_state::disabled) return {};
    return not_found(location_of(device));
}

Refusal dismount(const SimulatedState& state, const std::string& device, Dismount how) {
    const std::string is = device_state_of(state, device);
    if (is != device_state::disabled && is != device_state::host) return not_found(location_of(device));
    const Facts& facts = facts_of(state, device);
    // 2.1: if a driver is loaded, the device must be disabled first; the wording was not captured, these words are made up.
    if (is == device_state::host && fact_text(facts, device_key::driver_version)) {
        return FunctionError{.message = "The operation failed because the device is in use by its driver.",
                             .id = "OperationFailed",
                             .category = "ResourceBusy"};
    }
    if (fact_int(facts, device_key::device_type) == no_os_control) {  // 2.8
        return FunctionError{.message =
                                 "The operation failed. The current configuration does not allow for OS control "
                                 "of the PCI Express bus. Please check your BIOS or UEFI settings.",
                             .id = "OperationFailed",
                             .category = "NotSpecified"};
    }
    if (how == Dismount::checked && !fact_bool(facts, device_key::mitigation).value_or(false)) {  // 2.8
        return FunctionError{
            .message =
                "The operation failed. The manufacturer of this device has not supplied any directives for "
                "securing this device while exposing it to a virtual machine. The device should only be exposed "
                "to trusted virtual machines. This device is not supported when passed through to a virtual "
                "machine.",
            .id = "OperationFailed",
            .category = "NotSpecified"};
    }
    return {};
}

Refusal mount(const SimulatedState& state, const std::string& device) {
    const std::string is = device_state_of(state, device);
    if (is == device_state::dismounted) return {};
    if (!is.starts_with(device_state::vm_prefix)) return not_found(location_of(device));
    // D11: "VM still holds it"; the wording was not captured, these words are made up.
    return FunctionError{.message = fmt::format("The device '{}' cannot be mounted: it is assigned to the virtual "
                                                "machine '{}'.",
                                                location_of(device), is.substr(device_state::vm_prefix.size())),
                         .id = "OperationFailed",
                         .category = "ResourceBusy"};
}

Refusal assign(const SimulatedState& state, const std::string& device, const std::string& vm) {
    if (device_state_of(state, device) != device_state::dismounted) return not_found(location_of(device));
    return is_off(state, vm) ? Refusal() : wrong_vm_state(vm);
}

Refusal take_back(const SimulatedState& state, const std::string& device, const std::string& vm) {
    if (device_state_of(state, device) != state_in_vm(vm_name(vm))) {
        return not_found(location_of(device));
    }
    return is_off(state, vm) ? Refusal() : wrong_vm_state(vm);
}

Refusal add_partition(const SimulatedState& state, const std::string& vm, const std::string& path) {
    if (!is_off(state, vm)) return wrong_vm_state(vm);
    for (const auto& [resource, facts] : state.facts) {
        if (fact_text(facts, device_key::partitionable) == path &&
            fact_text(facts, device_key::state) == device_state::host) {
            return {};
        }
    }
    return not_found(path);
}

Refusal remove_partition(const SimulatedState& state, const std::string& vm) {
    if (!is_off(state, vm)) return wrong_vm_state(vm);
    return has_partition(state, vm) ? Refusal() : not_found("GPU partition adapter of " + vm_name(vm));
}

}  // namespace passbench::rules
