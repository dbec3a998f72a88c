#include "host/simulated/actions.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/records/json_codec.hpp"
#include "host/simulated/action_tools.hpp"
#include "host/simulated/guest_view.hpp"
#include "host/simulated/rules.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

using namespace actions;

constexpr std::size_t max_argument_bytes = std::size_t{1} << 20;
constexpr std::int64_t enable_takes_ns = 5'000'000'000;     // D12: up to 30 s
constexpr std::int64_t shut_down_takes_ns = 8'000'000'000;  // a guest that answers
constexpr std::int64_t windows_11 = 22000;                  // 3.1: from here on a GPU can be chosen

std::string vm_of(SimulatedState& state, const Place& arguments) {
    const std::string name = arguments.nonempty_text("vm");
    const std::string resource = vm_resource(name);
    static_cast<void>(
        facts_of(state, resource, fmt::format("Hyper-V was unable to find a virtual machine with name \"{}\".", name)));
    return resource;
}

std::string device_at(const SimulatedState& state, const std::string& location) {
    for (const auto prefix : {gpu_prefix, function_prefix}) {
        std::string resource = std::string(prefix) + location;
        if (state.facts.contains(resource)) return resource;
    }
    throw Unfit({.message = fmt::format("The specified device '{}' was not found on server 'SIMULATED'.", location),
                 .id = "ObjectNotFound",
                 .category = "ObjectNotFound"});
}

std::string device_of_instance(const SimulatedState& state, const std::string& id) {
    for (const auto& [resource, facts] : visible(state)) {
        if (fact_text(facts, device_key::instance_id) == id) return resource;
    }
    throw Unfit({.message = fmt::format("No matching device was found: '{}'.", id),
                 .id = "ObjectNotFound",
                 .category = "ObjectNotFound"});
}

/// WSL and EFLOW have functions of their own.
bool is_of_host(std::string_view resource) {
    return resource != wsl_resource && !is_distribution(resource) && resource != eflow_resource;
}

std::string get_host(SimulatedState& state, const Place& /*arguments*/) {
    return resources_value(visible(state), is_of_host);
}

std::string get_jobs(SimulatedState& state, const Place& /*arguments*/) {
    Json jobs = Json::array();
    for (const PendingChange& change : state.pending) {
        if (!change.job.empty()) jobs.push_back(change.job);
    }
    return codec::to_compact({{"jobs", jobs}});
}

void start(SimulatedState& state, const std::string& vm) {
    allow(rules::start(state, vm));
    put(state, vm, vm_key::state, "running");
    note_power(state, vm);
}

void stop(SimulatedState& state, const std::string& vm, const std::string& how) {
    if (fact_text(state.facts[vm], vm_key::state) == "off") return;  // Stop-VM warns and goes on
    if (how == "shut_down") {
        put_later(state, {.at_ns = state.now_ns + shut_down_takes_ns,
                          .resource = vm,
                          .property = std::string(vm_key::state),
                          .value = "off",
                          .job = "Shutting down " + vm});
        return;
    }
    // A shutdown that the guest was at ends with the guest.
    std::erase_if(state.pending, [&](const PendingChange& change) { return change.resource == vm; });
    put(state, vm, vm_key::state, "off");
    note_power(state, vm);
}

std::string set_vm_power(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const std::string power = arguments.text("power");
    const std::string how = arguments.text("how");
    if (how != "turn_off" && how != "shut_down") unfit("how is 'turn_off' or 'shut_down'.");
    static_cast<void>(arguments.integer("timeout_s"));
    if (power == "running") {
        start(state, vm);
    } else if (power == "off") {
        stop(state, vm, how);
    } else {
        unfit("power is 'running' or 'off'.");
    }
    return nothing();
}

std::string set_vm_setting(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const std::string property = arguments.text("property");
    Facts& facts = state.facts[vm];
    if (std::find(vm_key::settings.begin(), vm_key::settings.end(), property) == vm_key::settings.end() ||
        !facts.contains(property)) {
        unfit(fmt::format("There is no setting '{}'.", property));
    }
    allow(rules::change_setting(state, vm, property));
    facts[property] = as_type_of(facts[property], arguments.text("value"));
    return nothing();
}

std::string disable_device(SimulatedState& state, const Place& arguments) {
    const std::string device = device_of_instance(state, arguments.text("instance_id"));
    allow(rules::disable(state, device));
    // What was still on its way to being enabled is not any more.
    std::erase_if(state.pending, [&](const PendingChange& change) { return change.resource == device; });
    put(state, device, device_key::state, std::string(device_state::disabled));
    return nothing();
}

std::string enable_device(SimulatedState& state, const Place& arguments) {
    const std::string device = device_of_instance(state, arguments.text("instance_id"));
    allow(rules::enable(state, device));
    put_later(state, {.at_ns = state.now_ns + enable_takes_ns,
                      .resource = device,
                      .property = std::string(device_key::state),
                      .value = std::string(device_state::host),
                      .job = {}});
    return nothing();
}

std::string dismount_device(SimulatedState& state, const Place& arguments) {
    const std::string device = device_at(state, arguments.text("location"));
    allow(rules::dismount(state, device,
                          arguments.boolean("force") ? rules::Dismount::forced : rules::Dismount::checked));
    put(state, device, device_key::state, std::string(device_state::dismounted));
    return nothing();
}

std::string mount_device(SimulatedState& state, const Place& arguments) {
    const std::string device = device_at(state, arguments.text("location"));
    allow(rules::mount(state, device));
    put(state, device, device_key::state, std::string(device_state::disabled));
    return nothing();
}

std::string add_device(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const std::string device = device_at(state, arguments.text("location"));
    allow(rules::assign(state, device, vm));
    put(state, device, device_key::state, state_in_vm(arguments.text("vm")));
    return nothing();
}

std::string remove_device(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const std::string device = device_at(state, arguments.text("location"));
    allow(rules::take_back(state, device, vm));
    put(state, device, device_key::state, std::string(device_state::dismounted));
    return nothing();
}

/// 3.1: before Windows 11 nobody can choose, the host takes one.
std::string partition_for(const SimulatedState& state, const std::string& asked) {
    const auto host = state.facts.find(std::string(host_resource));
    const auto build = host == state.facts.end() ? std::nullopt : fact_int(host->second, host_key::build);
    constexpr std::int64_t server_2022 = 20348;
    if (build.value_or(windows_11) >= windows_11 || build == server_2022) return asked;
    for (const auto& [resource, facts] : state.facts) {
        if (const auto path = fact_text(facts, device_key::partitionable); path && !path->empty()) return *path;
    }
    return asked;
}

std::string add_partition(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const std::string path = partition_for(state, arguments.text("path"));
    allow(rules::add_partition(state, vm, path));
    put(state, vm, vm_key::gpu_partition, path);
    return nothing();
}

std::string remove_partition(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    allow(rules::remove_partition(state, vm));
    put(state, vm, vm_key::gpu_partition, "none");
    return nothing();
}

std::string set_policy(SimulatedState& state, const Place& arguments) {
    const std::string property = arguments.text("property");
    const std::string value = arguments.text("value");
    if (property != registry_key::require_secure && property != registry_key::require_supported) {
        unfit(fmt::format("There is no policy '{}'.", property));
    }
    if (value != registry_key::absent && value != "0" && value != "1") {
        unfit(fmt::format("'{}' is no value of a policy.", value));
    }
    put(state, std::string(registry_resource), property, value);
    return nothing();
}

std::string get_guest(SimulatedState& state, const Place& arguments) {
    const std::string vm = vm_of(state, arguments);
    const bool runs = fact_text(state.facts[vm], vm_key::state) == "running";
    Json addresses = Json::array();
    if (runs) addresses.push_back("192.0.2.10");  // RFC 5737: an address of documentation
    return codec::to_compact({{"addresses", addresses}, {"heartbeat", runs ? "OkApplicationsHealthy" : "NoContact"}});
}

std::string get_vm_log(SimulatedState& state, const Place& arguments) {
    static_cast<void>(vm_of(state, arguments));
    return codec::to_compact({{"events", Json::array()}});
}

/// Of the simulated host alone: the guest is nowhere else to be looked at.
std::string get_simulated_guest(SimulatedState& state, const Place& arguments) {
    const std::string guest = arguments.nonempty_text("guest");
    static_cast<void>(facts_of(state, guest, fmt::format("There is no guest {}.", guest)));
    const GuestView view = guest_view(state, guest);
    return codec::to_compact({{"files", view.files}, {"kernel_log", view.kernel_log}});
}

const ActionTable& hyperv_actions() {
    static const ActionTable all = {
        {"Get-PassBenchHost", get_host},
        {"Get-PassBenchJobs", get_jobs},
        {"Get-PassBenchGuest", get_guest},
        {"Get-PassBenchVmLog", get_vm_log},
        {"Get-PassBenchSimulatedGuest", get_simulated_guest},
        {"Set-PassBenchVmPower", set_vm_power},
        {"Set-PassBenchVmSetting", set_vm_setting},
        {"Disable-PassBenchDevice", disable_device},
        {"Enable-PassBenchDevice", enable_device},
        {"Dismount-PassBenchDevice", dismount_device},
        {"Mount-PassBenchDevice", mount_device},
        {"Add-PassBenchDevice", add_device},
        {"Remove-PassBenchDevice", remove_device},
        {"Add-PassBenchGpuPartition", add_partition},
        {"Remove-PassBenchGpuPartition", remove_partition},
        {"Set-PassBenchPolicy", set_policy},
    };
    return all;
}

const Action* find_action(const std::string& function) {
    for (const ActionTable* table : {&hyperv_actions(), &eflow_actions(), &wsl_actions()}) {
        if (const auto found = table->find(function); found != table->end()) return &found->second;
    }
    return nullptr;
}

}  // namespace

void put_fact(HostFacts& facts, const PendingChange& change) {
    Facts& properties = facts[change.resource];
    const auto known = properties.find(change.property);
    properties[change.property] =
        known == properties.end() ? Fact(change.value) : as_type_of(known->second, change.value);
}

bool only_looks(const std::string& function) { return function.starts_with("Get-"); }

ActionResult act(SimulatedState& state, const std::string& function, const std::string& arguments) {
    const Action* action = find_action(function);
    if (action == nullptr) {
        return FunctionError{
            .message = fmt::format("The term '{}' is not recognized as the name of a function.", function),
            .id = "CommandNotFoundException",
            .category = "ObjectNotFound"};
    }
    try {
        auto value = codec::decode(arguments, max_argument_bytes,
                                   [&](const Json& root) { return (*action)(state, Place(root)); });
        if (value) return *std::move(value);
        return FunctionError{
            .message = value.error().what, .id = "ParameterBindingFailed", .category = "InvalidArgument"};
    } catch (const Unfit& unfit) {
        return unfit.error();
    }
}

}  // namespace passbench
