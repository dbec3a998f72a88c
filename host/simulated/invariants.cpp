#include "host/simulated/invariants.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

/// Facts 2.5: fixed from the start of a VM until it is off.
constexpr std::array<std::string_view, 8> fixed_while_running = {
    vm_key::cache_types,  vm_key::low_mmio,   vm_key::high_mmio,   vm_key::dynamic_memory,
    vm_key::memory_bytes, vm_key::processors, vm_key::secure_boot, vm_key::gpu_partition};

void check_device(const SimulatedState& state, const std::string& device, const Facts& facts,
                  std::vector<std::string>& broken) {
    const std::string is = shown_fact(facts, device_key::state);
    const bool on_host = is == device_state::host || is == device_state::disabled;
    if (!on_host && fact_bool(facts, device_key::boot_display).value_or(false)) {
        broken.push_back(fmt::format("{} drives the only display and is '{}'", device, is));
    }
    if (on_host || is == device_state::dismounted) return;
    if (!is.starts_with(device_state::vm_prefix) ||
        !state.facts.contains(vm_resource(is.substr(device_state::vm_prefix.size())))) {
        broken.push_back(fmt::format("{} is '{}', which is no place for a device", device, is));
    }
}

void check_running(const SimulatedState& state, const std::string& vm, const Facts& facts,
                   std::vector<std::string>& broken) {
    const auto started = state.started.find(vm);
    if (started == state.started.end()) {
        broken.push_back(vm + " runs and was never started");
        return;
    }
    for (const auto key : fixed_while_running) {
        if (shown_fact(facts, key) != shown_fact(started->second, key)) {
            broken.push_back(fmt::format("{} of {} changed while it ran", key, vm));
        }
    }
    for (const auto& [device, properties] : state.facts) {
        if (!is_device(device)) continue;
        if (shown_fact(properties, device_key::state) == state_in_vm(vm_name(vm)) &&
            shown_fact(facts, vm_key::dynamic_memory) != "false") {
            broken.push_back(fmt::format("{} runs with {} and dynamic memory", vm, device));
        }
        const std::string path = shown_fact(properties, device_key::partitionable);
        if (!path.empty() && path == shown_fact(facts, vm_key::gpu_partition) &&
            shown_fact(properties, device_key::state) != device_state::host) {
            broken.push_back(fmt::format("{} runs with a share of {}, which the host does not have", vm, device));
        }
    }
}

}  // namespace

std::vector<std::string> violations(const SimulatedState& state) {
    std::vector<std::string> broken;
    for (const auto& [resource, facts] : state.facts) {
        if (is_device(resource)) check_device(state, resource, facts, broken);
        if (resource.starts_with(vm_prefix) && shown_fact(facts, vm_key::state) == "running") {
            check_running(state, resource, facts, broken);
        }
    }
    return broken;
}

}  // namespace passbench
