// EFLOW of the simulated host (facts 1): its machine as a state machine. On a client it is nobody's but EFLOW's; on a server it is a VM of
// Hyper-V too (1.4). What the facts do not say of cards is made up: a card that its machine has whole is dismounted from the host, and
// comes back as others do (D12).
#include <fmt/core.h>

#include "host/simulated/action_tools.hpp"
#include "host/simulated/eflow_rules.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::actions {
namespace {

using codec::Place;

constexpr std::int64_t enable_takes_ns = 5'000'000'000;  // D12
constexpr std::string_view whole = "DirectDeviceAssignment:";

const std::string& eflow() {
    static const std::string resource(eflow_resource);
    return resource;
}

bool is_eflow(std::string_view resource) { return resource == eflow_resource; }

Facts& eflow_facts(SimulatedState& state) {
    return facts_of(state, eflow(), "The term 'Get-EflowVm' is not recognized as the name of a function.");
}

/// What only its guest tells is told where it is asked for, and where the machine runs.
std::string get_eflow(SimulatedState& state, const Place& arguments) {
    const auto asks = [&](std::string_view what) { return arguments.has(what) && arguments.boolean(what); };
    HostFacts shown;
    if (const auto found = state.facts.find(eflow()); found != state.facts.end()) {
        Facts facts = found->second;
        const bool is_there = shown_fact(facts, eflow_key::deployment) == "deployed";
        const std::string how = shown_fact(facts, eflow_key::provisioning);
        const std::string image = shown_fact(facts, eflow_key::container);
        facts.erase(std::string(eflow_key::provisioning));
        facts.erase(std::string(eflow_key::container));
        if (is_there && asks("provisioning") && shown_fact(facts, eflow_key::power) == "running") {
            facts[std::string(eflow_key::provisioning)] = how.empty() ? "none" : how;
        }
        if (is_there && asks("container")) facts[std::string(eflow_key::container)] = image.empty() ? "none" : image;
        shown.emplace(eflow(), std::move(facts));
    }
    return resources_value(shown, is_eflow);
}

/// Of a server, where Hyper-V shows the machine as one of its own.
std::string vm_of_server(const SimulatedState& state) {
    for (const auto& [resource, unused] : state.facts) {
        if (resource.starts_with(vm_prefix) && resource.ends_with("-EFLOW")) return resource;
    }
    return "";
}

/// What a server's Hyper-V shows of it.
void mirror(SimulatedState& state) {
    const std::string vm = vm_of_server(state);
    if (vm.empty()) return;
    constexpr std::int64_t mib = std::int64_t{1} << 20;
    const Facts& facts = state.facts[eflow()];
    Facts& shown = state.facts[vm];
    shown[std::string(vm_key::processors)] = fact_int(facts, eflow_key::cpu_count).value_or(1);
    shown[std::string(vm_key::memory_bytes)] = fact_int(facts, eflow_key::memory_mb).value_or(0) * mib;
    shown[std::string(vm_key::dynamic_memory)] = !shown_fact(facts, eflow_key::gpu).starts_with(whole);
    shown[std::string(vm_key::state)] = shown_fact(facts, eflow_key::power);
    state.started.erase(vm);
    note_power(state, vm);
}

/// Its agent does one thing after the other, and the last that it is told is what stays.
void forget_earlier(SimulatedState& state) {
    std::erase_if(state.pending, [](const PendingChange& change) { return change.resource == eflow_resource; });
}

void set_power(SimulatedState& state, const std::string& power) {
    forget_earlier(state);
    put(state, eflow(), eflow_key::power, power);
    if (power == "off") state.facts[eflow()].erase(std::string(eflow_key::container));  // docker run --rm
    note_power(state, eflow());
    mirror(state);
}

rules::EflowArguments sizes(const Place& arguments) {
    rules::EflowArguments wanted;
    wanted.cpu_count = arguments.integer("cpu_count");
    wanted.memory_mb = arguments.integer("memory_mb");
    return wanted;
}

void put_config(SimulatedState& state, const rules::EflowArguments& wanted) {
    Facts& facts = eflow_facts(state);
    facts[std::string(eflow_key::cpu_count)] = wanted.cpu_count;
    facts[std::string(eflow_key::memory_mb)] = wanted.memory_mb;
    const std::string gpu = fmt::format("{}:{}:{}", wanted.gpu_type, wanted.gpu_count, wanted.gpu_name);
    facts[std::string(eflow_key::gpu)] = wanted.gpu_type.empty() ? "none" : gpu;
}

/// Cards go to the machine and come back with its configuration.
void move_cards(SimulatedState& state, const std::string& before, const std::string& now) {
    const std::string vm = vm_of_server(state);
    const std::string there = vm.empty() ? std::string(device_state::dismounted) : state_in_vm(vm_name(vm));
    for (auto& [device, facts] : state.facts) {
        if (!device.starts_with(gpu_prefix)) continue;
        const std::string name = ":" + shown_fact(facts, device_key::name);
        const bool was_there = before.starts_with(whole) && before.ends_with(name);
        const bool is_there = now.starts_with(whole) && now.ends_with(name);
        if (is_there == was_there) continue;
        put(state, device, device_key::state, is_there ? there : std::string(device_state::disabled));
        std::erase_if(state.pending, [&card = device](const PendingChange& change) { return change.resource == card; });
        if (is_there) continue;
        put_later(state, {.at_ns = state.now_ns + enable_takes_ns,
                          .resource = device,
                          .property = std::string(device_key::state),
                          .value = std::string(device_state::host),
                          .job = {}});
    }
}

/// The machine that Deploy-Eflow makes runs; PassBench.psm1 stops it.
std::string new_eflow_vm(SimulatedState& state, const Place& arguments) {
    static_cast<void>(eflow_facts(state));
    const rules::EflowArguments wanted = sizes(arguments);
    static_cast<void>(arguments.integer("disk_gb"));
    static_cast<void>(arguments.text("switch"));
    static_cast<void>(arguments.text("switch_type"));
    allow(rules::deploy(state, wanted));
    put(state, eflow(), eflow_key::deployment, "deployed");
    put_config(state, wanted);
    set_power(state, "off");
    return nothing();
}

std::string set_eflow_vm(SimulatedState& state, const Place& arguments) {
    rules::EflowArguments wanted = sizes(arguments);
    wanted.gpu_type = arguments.text("gpu_type");
    wanted.gpu_name = arguments.text("gpu_name");
    wanted.gpu_count = arguments.integer("gpu_count");
    const std::string before = shown_fact(eflow_facts(state), eflow_key::gpu);
    // Of PassBench.psm1: EFLOW would take it, and the machine that runs might go on without it unnoticed.
    if (state.started.contains(eflow())) {
        allow(FunctionError{.message = "EFLOW's virtual machine runs, and its settings are changed while it does not.",
                            .id = "PassBench.EflowRuns",
                            .category = "InvalidOperation"});
    }
    allow(rules::change_eflow(state, wanted));
    forget_earlier(state);
    put_config(state, wanted);
    move_cards(state, before, shown_fact(eflow_facts(state), eflow_key::gpu));
    mirror(state);
    return nothing();
}

std::string set_eflow_power(SimulatedState& state, const Place& arguments) {
    const std::string power = arguments.text("power");
    static_cast<void>(eflow_facts(state));
    if (power != "running" && power != "off") unfit("power is 'running' or 'off'.");
    allow(power == "running" ? rules::start_eflow(state) : rules::stop_eflow(state));
    set_power(state, power);
    return nothing();
}

std::string copy_file(SimulatedState& state, const Place& arguments) {
    static_cast<void>(arguments.nonempty_text("file"));
    static_cast<void>(arguments.nonempty_text("guest_path"));
    static_cast<void>(eflow_facts(state));
    allow(rules::copy_to_eflow(state));
    return nothing();
}

std::string write_file(SimulatedState& state, const Place& arguments) {
    static_cast<void>(arguments.nonempty_text("guest_path"));
    static_cast<void>(arguments.text("content"));
    static_cast<void>(arguments.boolean("append"));
    static_cast<void>(eflow_facts(state));
    allow(rules::reach_eflow(state));
    return nothing();
}

std::string set_container(SimulatedState& state, const Place& arguments) {
    const std::string image = arguments.nonempty_text("image");
    static_cast<void>(eflow_facts(state));
    allow(rules::reach_eflow(state));
    if (image == "none") {
        state.facts[eflow()].erase(std::string(eflow_key::container));
    } else {
        put(state, eflow(), eflow_key::container, image);
    }
    return nothing();
}

/// The secret is looked at in the environment of this program, as PowerShell does, and kept nowhere.
std::string set_provisioning(SimulatedState& state, const Place& arguments) {
    rules::EflowProvisioningArguments given;
    given.type = arguments.text("type");
    for (const char* key : {"scope_id", "registration_id", "iot_hub", "device_id", "identity_cert", "identity_key"}) {
        if (!arguments.text_or_empty(key).empty()) given.keys.emplace_back(key);
    }
    given.secret_variable = arguments.text_or_empty("secret_variable");
    static_cast<void>(eflow_facts(state));
    allow(rules::provision(state, given));
    put(state, eflow(), eflow_key::provisioning, given.type);
    return nothing();
}

}  // namespace

const ActionTable& eflow_actions() {
    static const ActionTable all = {{"Get-PassBenchEflow", get_eflow},
                                    {"New-PassBenchEflowVm", new_eflow_vm},
                                    {"Set-PassBenchEflowVm", set_eflow_vm},
                                    {"Set-PassBenchEflowPower", set_eflow_power},
                                    {"Set-PassBenchEflowContainer", set_container},
                                    {"Set-PassBenchEflowProvisioning", set_provisioning},
                                    {"Copy-PassBenchEflowFile", copy_file},
                                    {"Write-PassBenchEflowFile", write_file}};
    return all;
}

}  // namespace passbench::actions
