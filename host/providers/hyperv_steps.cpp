#include "host/providers/hyperv_steps.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "host/providers/machine_demand.hpp"
#include "host/providers/step_list.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/mmio.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

constexpr std::string_view nvidia = "10de";

std::string described(const HostFacts& facts, const std::vector<std::string>& cards) {
    std::string list;
    for (const auto& card : cards) {
        list += fmt::format("{}{} at {}", list.empty() ? "" : ", ", shown_fact(facts.at(card), device_key::name),
                            location_of(card));
    }
    return list.empty() ? "none" : list;
}

/// The VM that is meant, in a state that steps can begin from.
Result<std::string> usable_vm(const HostFacts& facts, const HypervDemand& demand) {
    PASSBENCH_TRY(const std::string resource, find_vm(facts, demand.vm));
    const Facts& vm = facts.at(resource);
    const std::string state = shown_fact(vm, vm_key::state);
    if (state == "running" && !demand.may_stop_vm) {
        return fail(
            {.code = ErrorCode::precondition,
             .what = fmt::format("the VM '{}' runs, and cards are given to VMs that are off", vm_name(resource)),
             .where = resource,
             .fix = "Shut it down, or allow passbench to: `may_stop = true` at the arm in lab.toml."});
    }
    if (state != "running" && state != "off") {
        return fail(
            {.code = ErrorCode::precondition,
             .what = fmt::format("the VM '{}' is {}, and what it was doing would be lost", vm_name(resource), state),
             .where = resource,
             .fix = "Start it and shut it down, then try again."});
    }
    if (fact_int(vm, vm_key::checkpoints).value_or(0) > 0) {
        return fail(
            {.code = ErrorCode::precondition,
             .what = fmt::format("the VM '{}' has checkpoints, which a VM with a passed-through card cannot have",
                                 vm_name(resource)),
             .where = resource,
             .fix = "Merge or delete its checkpoints, or use another VM."});
    }
    return resource;
}

/// A card that another VM has may be free later.
Result<void> check_free(const HostFacts& facts, const std::string& card, const std::string& vm) {
    const Facts& gpu = facts.at(card);
    const std::string state = shown_fact(gpu, device_key::state);
    const std::string ours = state_in_vm(vm_name(vm));
    if (state.starts_with(device_state::vm_prefix) && state != ours) {
        return fail({.code = ErrorCode::busy,
                     .what = fmt::format("{} at {} is assigned to the VM '{}'", shown_fact(gpu, device_key::name),
                                         location_of(card), state.substr(device_state::vm_prefix.size())),
                     .where = card,
                     .fix = "Take it from that VM, wait until its run has ended, or name another card."});
    }
    return {};
}

/// Of the VM, and of the host's processor; what a survey lacks is taken as what every host has.
std::int64_t high_base_of(const HostFacts& facts, const std::string& vm) {
    return fact_int(facts.at(vm), vm_key::high_mmio_base).value_or(default_high_mmio_base);
}
std::int64_t address_bits_of(const HostFacts& facts) {
    constexpr std::int64_t fewest_of_servers = 46;
    const auto host = facts.find(std::string(host_resource));
    return host == facts.end() ? fewest_of_servers
                               : fact_int(host->second, host_key::address_bits).value_or(fewest_of_servers);
}

/// A space that is larger already is left as it is.
Result<void> add_mmio(StepList& steps, const HostFacts& facts, const std::string& vm, const MmioSpace& space) {
    PASSBENCH_CHECK(check_mmio_fits(space, high_base_of(facts, vm), address_bits_of(facts)));
    steps.at_least(vm, vm_key::low_mmio, space.low_bytes, "Room below 4 GiB for the card's memory ranges.");
    steps.at_least(vm, vm_key::high_mmio, space.high_bytes, "Room above 4 GiB for the card's memory ranges.");
    return {};
}

void add_machine(StepList& steps, const std::string& vm, const HypervDemand& demand) {
    steps.add(vm, vm_key::dynamic_memory, "false", "A guest with a card cannot have dynamic memory.");
    if (demand.memory_bytes) {
        steps.add(vm, vm_key::memory_bytes, std::to_string(*demand.memory_bytes), "The scenario asks for it.");
    }
    if (demand.processors) {
        steps.add(vm, vm_key::processors, std::to_string(*demand.processors), "The scenario asks for it.");
    }
    steps.add(vm, vm_key::checkpoint_type, "Disabled", "A guest with a card cannot have checkpoints.");
}

/// A device leaves the host in two steps.
void add_dismount(StepList& steps, const std::string& device) {
    if (steps.now(device, device_key::state) == device_state::host) {
        steps.add(device, device_key::state, std::string(device_state::disabled),
                  "The host's driver must let go of it.");
    }
    if (steps.now(device, device_key::state) == device_state::disabled) {
        steps.add(device, device_key::state, std::string(device_state::dismounted), "It is taken from the host.");
    }
}

}  // namespace

Result<std::string> find_vm(const HostFacts& facts, const std::string& name) {
    std::vector<std::string> all;
    for (const auto& [resource, unused] : facts) {
        if (resource.starts_with(vm_prefix)) all.push_back(resource);
    }
    if (name.empty() && all.size() == 1) return all.front();
    if (!name.empty() && facts.contains(vm_resource(name))) return vm_resource(name);
    return fail(
        {.code = ErrorCode::usage,
         .what = name.empty()
                     ? fmt::format("no VM is named, and this host has not just one: {}", names_below(facts, vm_prefix))
                     : fmt::format("this host has no VM '{}'; its VMs: {}", name, names_below(facts, vm_prefix)),
         .where = "vm " + name,
         .fix = "Name one of them as `vm` of the arm in lab.toml."});
}

Result<std::string> find_card(const HostFacts& facts, const std::string& gpu) {
    std::vector<std::string> all;
    std::vector<std::string> meant;
    for (const auto& [resource, card] : facts) {
        if (!resource.starts_with(gpu_prefix) || fact_text(card, device_key::vendor) != nvidia) continue;
        all.push_back(resource);
        if (gpu.empty() || location_of(resource) == gpu || is_card(shown_fact(card, device_key::name), gpu)) {
            meant.push_back(resource);
        }
    }
    if (meant.size() == 1) return meant.front();
    const std::string asked = gpu.empty() ? std::string("an NVIDIA card") : fmt::format("'{}'", gpu);
    if (meant.empty()) {
        return fail({.code = ErrorCode::precondition,
                     .what = fmt::format("this host has no {}; its cards: {}", asked, described(facts, all)),
                     .where = "machine.gpu",
                     .fix = "Ask for a card that is there, or run it on another host."});
    }
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("{} is more than one card of this host: {}", asked, described(facts, meant)),
                 .where = "machine.gpu",
                 .fix = "Name the location of one as `gpu` of the arm in lab.toml."});
}

Result<std::vector<Step>> dda_steps(const HostFacts& facts, const HypervDemand& demand) {
    PASSBENCH_TRY(const std::string vm, usable_vm(facts, demand));
    PASSBENCH_TRY(const std::string card, find_card(facts, demand.gpu));
    PASSBENCH_CHECK(check_free(facts, card, vm));
    StepList steps(facts);
    steps.add(vm, vm_key::stop_action, "TurnOff", "A guest with a card cannot be saved when the host shuts down.");
    steps.add(vm, vm_key::cache_types, "true", "The guest's driver chooses write-combining itself.");
    const Facts& gpu = facts.at(card);
    const auto below = fact_int(gpu, device_key::mmio32_bytes);
    const auto above = fact_int(gpu, device_key::mmio64_bytes);
    if (below || above) {  // else it is with the VM already, which had room for it
        PASSBENCH_TRY(const MmioSpace space, dda_mmio(below.value_or(0), above.value_or(0)));
        PASSBENCH_CHECK(add_mmio(steps, facts, vm, space));
    }
    add_machine(steps, vm, demand);
    for (const auto& [resource, device] : facts) {
        if (resource.starts_with(function_prefix) && fact_text(device, device_key::card) == location_of(card)) {
            add_dismount(steps, resource);
        }
    }
    add_dismount(steps, card);
    steps.add(card, device_key::state, state_in_vm(vm_name(vm)), "The guest gets it.");
    return around_power(std::move(steps), {.guest = vm, .why_off = "Its settings can be changed while it is off."});
}

Result<std::vector<Step>> gpupv_steps(const HostFacts& facts, const HypervDemand& demand) {
    PASSBENCH_TRY(const std::string vm, usable_vm(facts, demand));
    PASSBENCH_TRY(const std::string card, find_card(facts, demand.gpu));
    const std::string path = shown_fact(facts.at(card), device_key::partitionable);
    if (path.empty()) {
        return fail({.code = ErrorCode::precondition,
                     .what = fmt::format("Windows does not offer {} for sharing (GPU-PV)",
                                         shown_fact(facts.at(card), device_key::name)),
                     .where = card,
                     .fix = "Install a driver with CUDA for WSL on the host; see `passbench doctor` for what else."});
    }
    StepList steps(facts);
    if (facts.contains(std::string(registry_resource))) {
        for (const auto policy : {registry_key::require_secure, registry_key::require_supported}) {
            if (steps.now(std::string(registry_resource), policy) == "") continue;
            steps.add(std::string(registry_resource), policy, "0", "This Windows refuses to share cards otherwise.");
        }
    }
    steps.add(vm, vm_key::secure_boot, "false", "The guest's dxgkrnl module is not signed.");
    steps.add(vm, vm_key::cache_types, "true", "The guest's driver chooses write-combining itself.");
    PASSBENCH_TRY(const MmioSpace space, gpupv_mmio(high_base_of(facts, vm), address_bits_of(facts)));
    PASSBENCH_CHECK(add_mmio(steps, facts, vm, space));
    add_machine(steps, vm, demand);
    steps.add(vm, vm_key::gpu_partition, path, "The guest shares the card with the host.");
    return around_power(std::move(steps), {.guest = vm, .why_off = "Its settings can be changed while it is off."});
}

}  // namespace passbench
