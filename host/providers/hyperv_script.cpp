#include "host/providers/hyperv_script.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "host/providers/eflow_steps.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

/// Control characters, which none of a host's names has, are shown as what they are not: a space.
std::string printed(std::string_view text) {
    std::string shown(text);
    const auto is_control = [](char character) { return static_cast<unsigned char>(character) < 0x20U; };
    std::replace_if(shown.begin(), shown.end(), is_control, ' ');
    return shown;
}

/// A literal of PowerShell.
std::string as_literal(std::string_view text) {
    std::string literal = "'";
    for (const char character : printed(text)) {
        if (character == '\'') literal += '\'';
        literal += character;
    }
    return literal + "'";
}

std::string boolean(const std::string& value) { return value == "true" ? "$true" : "$false"; }

/// The cmdlet and the parameter that sets a property of a VM, and whether its value is a Boolean, a word or a number.
struct VmSetting {
    std::string_view property;
    std::string_view cmdlet;
    std::string_view parameter;
    enum class Kind { boolean, word, number } kind;
};
constexpr std::array<VmSetting, 8> vm_settings = {
    VmSetting{vm_key::stop_action, "Set-VM -Name", "-AutomaticStopAction", VmSetting::Kind::word},
    VmSetting{vm_key::cache_types, "Set-VM -Name", "-GuestControlledCacheTypes", VmSetting::Kind::boolean},
    VmSetting{vm_key::low_mmio, "Set-VM -Name", "-LowMemoryMappedIoSpace", VmSetting::Kind::number},
    VmSetting{vm_key::high_mmio, "Set-VM -Name", "-HighMemoryMappedIoSpace", VmSetting::Kind::number},
    VmSetting{vm_key::dynamic_memory, "Set-VMMemory -VMName", "-DynamicMemoryEnabled", VmSetting::Kind::boolean},
    VmSetting{vm_key::memory_bytes, "Set-VMMemory -VMName", "-StartupBytes", VmSetting::Kind::number},
    VmSetting{vm_key::processors, "Set-VMProcessor -VMName", "-Count", VmSetting::Kind::number},
    VmSetting{vm_key::checkpoint_type, "Set-VM -Name", "-CheckpointType", VmSetting::Kind::word}};

std::string vm_line(const std::string& vm, const Step& step) {
    const std::string name = as_literal(vm);
    if (step.property == vm_key::state) {
        return step.wanted == "running" ? "Start-VM -Name " + name : "Stop-VM -Name " + name;
    }
    if (step.property == vm_key::gpu_partition) {
        if (step.wanted == "none") return "Remove-VMGpuPartitionAdapter -VMName " + name;
        return fmt::format("Add-VMGpuPartitionAdapter -VMName {} -InstancePath {}", name, as_literal(step.wanted));
    }
    if (step.property == vm_key::secure_boot) {
        return fmt::format("Set-VMFirmware -VMName {} -EnableSecureBoot {}", name,
                           step.wanted == "true" ? "On" : "Off");
    }
    for (const VmSetting& setting : vm_settings) {
        if (setting.property != step.property) continue;
        const std::string value = setting.kind == VmSetting::Kind::boolean ? boolean(step.wanted) : step.wanted;
        return fmt::format("{} {} {} {}", setting.cmdlet, name, setting.parameter, value);
    }
    return "";
}

std::string device_line(const std::string& device, const Facts& facts, const Step& step) {
    const std::string location = as_literal(location_of(device));
    const std::string instance = as_literal(shown_fact(facts, device_key::instance_id));
    const auto& [from, to] = std::pair(step.before, step.wanted);
    if (from == device_state::host) return fmt::format("Disable-PnpDevice -InstanceId {} -Confirm:$false", instance);
    if (to == device_state::host) return fmt::format("Enable-PnpDevice -InstanceId {} -Confirm:$false", instance);
    if (from == device_state::disabled) {
        const bool is_mitigated = fact_bool(facts, device_key::mitigation).value_or(false);
        return fmt::format("Dismount-VMHostAssignableDevice -LocationPath {}{}", location,
                           is_mitigated ? "" : " -Force");
    }
    if (to == device_state::disabled) return fmt::format("Mount-VMHostAssignableDevice -LocationPath {}", location);
    const bool is_given = to.starts_with(device_state::vm_prefix);
    return fmt::format("{} -LocationPath {} -VMName {}",
                       is_given ? "Add-VMAssignableDevice" : "Remove-VMAssignableDevice", location,
                       as_literal((is_given ? to : from).substr(device_state::vm_prefix.size())));
}

std::string policy_line(const Step& step) {
    constexpr std::string_view key = R"('HKLM:\SOFTWARE\Policies\Microsoft\Windows\HyperV')";
    if (step.wanted == registry_key::absent) {
        return fmt::format("Remove-ItemProperty -Path {} -Name {}", key, step.property);
    }
    return fmt::format("Set-ItemProperty -Path {} -Name {} -Type DWord -Value {}", key, step.property, step.wanted);
}

/// A file is edited and not set: the line says what stands in it then.
std::string wsl_line(const Step& step) {
    if (is_distribution(step.resource)) {
        const std::string name = as_literal(distribution_name(step.resource));
        return step.wanted == "running" ? fmt::format("wsl.exe --distribution {} --exec /bin/true", name)
                                        : fmt::format("wsl.exe --terminate {}", name);
    }
    const std::string key = step.property == wsl_key::processors ? "processors"
                            : step.property == wsl_key::memory   ? "memory"
                                                                 : "gpuSupport";
    if (step.wanted == wsl_key::absent) {
        return fmt::format("notepad.exe \"$env:USERPROFILE\\.wslconfig\"  # below [wsl2]: without {}", key);
    }
    return fmt::format("notepad.exe \"$env:USERPROFILE\\.wslconfig\"  # below [wsl2]: {}={}", key,
                       printed(step.wanted));
}

/// Secrets stay in the environment of who types it.
std::string provisioning_line(const EflowSettings& settings) {
    const EflowProvisioning given = settings.provisioning.value_or(EflowProvisioning());
    std::string line = "Provision-EflowVm -provisioningType " + given.type;
    const auto add = [&](std::string_view parameter, const std::string& value) {
        if (!value.empty()) line += fmt::format(" {} {}", parameter, as_literal(value));
    };
    add("-iotHubHostname", given.iot_hub);
    add("-deviceId", given.device_id);
    add("-scopeId", given.scope_id);
    add("-registrationId", given.registration_id);
    add("-identityCertPath", given.identity_cert);
    add("-identityPrivKeyPath", given.identity_key);
    if (given.secret_variable.empty()) return line + " -headless";
    const bool is_key = given.type == "DpsSymmetricKey";
    return fmt::format("{} {} $env:{} -headless", line, is_key ? "-symmKey" : "-devConnString", given.secret_variable);
}

/// With all that it takes: what Set-EflowVM is not given it resets (E2).
std::string eflow_line(const Facts& machine, const Step& step, const EflowSettings& settings) {
    const auto size = [](const std::string& cpus, const std::string& memory) {
        return fmt::format("-cpuCount {} -memoryInMB {}", cpus, memory);
    };
    if (step.property == eflow_key::provisioning) return provisioning_line(settings);
    if (step.property == eflow_key::container) {
        if (step.wanted == "none") return "Invoke-EflowVmCommand 'sudo docker rm --force passbench'";
        return fmt::format(
            "Invoke-EflowVmCommand 'sudo docker run --detach --rm --name passbench --gpus all --env "
            "NVIDIA_DISABLE_REQUIRE=1 --volume /home/iotedge-user/passbench:/home/iotedge-user/passbench "
            "--entrypoint sleep {} infinity'",
            printed(step.wanted));
    }
    if (step.property == eflow_key::power) return step.wanted == "running" ? "Start-EflowVm" : "Stop-EflowVm";
    if (step.property == eflow_key::deployment) {
        std::string line = "Deploy-Eflow -acceptEula Yes -acceptOptionalTelemetry No " +
                           size(std::to_string(settings.cpus), std::to_string(settings.memory_mb));
        line += fmt::format(" -vmDiskSize {}", settings.disk_gb);
        if (!settings.virtual_switch.empty()) line += " -vswitchName " + as_literal(settings.virtual_switch);
        if (!settings.switch_type.empty()) line += " -vswitchType " + settings.switch_type;
        return line + "; Stop-EflowVm";
    }
    std::string line =
        "Set-EflowVM " + size(shown_fact(machine, eflow_key::cpu_count), shown_fact(machine, eflow_key::memory_mb));
    const EflowGpu gpu = parse_eflow_gpu(shown_fact(machine, eflow_key::gpu));
    if (!gpu.type.empty()) {
        line +=
            fmt::format(" -gpuName {} -gpuPassthroughType {} -gpuCount {}", as_literal(gpu.name), gpu.type, gpu.count);
    }
    return line + " -headless";
}

std::string line_of(const HostFacts& facts, const Step& step) {
    if (step.resource == wsl_resource || is_distribution(step.resource)) return wsl_line(step);
    if (step.resource == registry_resource) return policy_line(step);
    if (step.resource.starts_with(vm_prefix)) return vm_line(vm_name(step.resource), step);
    const auto found = facts.find(step.resource);
    return is_device(step.resource) && found != facts.end() ? device_line(step.resource, found->second, step) : "";
}

}  // namespace

std::string hyperv_script(const HostFacts& facts, const std::vector<Step>& steps, const EflowSettings& eflow) {
    std::string script;
    HostFacts now = facts;
    for (const Step& step : steps) {
        if (step.resource == eflow_resource) {
            if (step.property == eflow_key::deployment) {
                now[step.resource] = {{std::string(eflow_key::cpu_count), eflow.cpus},
                                      {std::string(eflow_key::memory_mb), eflow.memory_mb}};
            }
            now[step.resource][step.property] = step.wanted;
            script += eflow_line(now[step.resource], step, eflow) + "\n";
        } else {
            script += line_of(facts, step) + "\n";
        }
    }
    return script;
}

}  // namespace passbench
