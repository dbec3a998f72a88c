#include "host/providers/hyperv_host.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/records/json_codec.hpp"
#include "host/powershell/host_value.hpp"
#include "host/providers/eflow_machine.hpp"
#include "host/providers/eflow_steps.hpp"
#include "host/signs/detect.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

constexpr std::int64_t shut_down_s = 45;  // a guest that answers needs tens of seconds; the engine waits for 60
constexpr std::int64_t arrival_s = 60;    // as long as the engine waits for what was set
constexpr std::int64_t poll_ns = 1'000'000'000;

/// VEN, DEV, SUBSYS and REV: what makes a card this one, wherever its instance id has gone.
std::string ids_of(const Facts& facts) {
    std::string ids;
    for (const auto key : {device_key::vendor, device_key::device, device_key::subsystem, device_key::revision}) {
        ids.append(ids.empty() ? "" : ":").append(shown_fact(facts, key));
    }
    return ids;
}

bool is_vm_setting(std::string_view property) {
    return std::find(vm_key::settings.begin(), vm_key::settings.end(), property) != vm_key::settings.end();
}

/// What is being done where `from` becomes `to`, for the detectors of causes.
Doing doing_of(const std::string& property, const std::string& from, const std::string& to) {
    if (property == eflow_key::provisioning) return Doing::provisioning;
    if (property != vm_key::state) return Doing::something;  // as device_key::state
    if (to == "running") return Doing::starting;
    if (to == device_state::dismounted && from == device_state::disabled) return Doing::dismounting;
    return to == device_state::disabled && from != device_state::host ? Doing::mounting : Doing::something;
}

/// A device goes from host to guest by these places, one at a time, and back the same way. What is given back may have to come from
/// further off: where a move back failed before, the next one makes up for it. Empty where it is one move, or none back.
std::vector<std::string> stops_on_the_way_back(const std::string& from, const std::string& to) {
    const std::array<std::string, 3> places = {std::string(device_state::host), std::string(device_state::disabled),
                                               std::string(device_state::dismounted)};
    const auto begin = std::find(places.begin(), places.end(), to);
    const auto end = std::find(places.begin(), places.end(), from);  // past the last of them in a VM
    if (end - begin < 2) return {};
    std::vector<std::string> stops(begin + 1, end);
    std::reverse(stops.begin(), stops.end());
    return stops;
}

Error not_settable(const std::string& resource, const std::string& property) {
    return {.code = ErrorCode::usage,
            .what = fmt::format("a Windows host has no {} '{}' that could be set", resource, property),
            .where = resource,
            .fix = "See `passbench doctor` for the resources of this host."};
}

}  // namespace

HypervHost::HypervHost(std::shared_ptr<HostFunctions> functions, EngineClock clock, ForcedDismount force,
                       AlsoSurveyed also, EflowSettings eflow)
    : functions_(std::move(functions)),
      clock_(std::move(clock)),
      force_(force),
      also_(also),
      eflow_(std::move(eflow)) {}

Result<void> HypervHost::call(const std::string& function, const Facts& arguments) {
    PASSBENCH_TRY(const std::string unused, functions_->call(function, codec::to_compact(codec::encode(arguments))));
    return {};
}

Result<HostFacts> HypervHost::read(const std::string& function, const Facts& arguments) {
    PASSBENCH_TRY(const std::string answer, functions_->call(function, codec::to_compact(codec::encode(arguments))));
    auto facts = host_facts_from_value(answer);
    if (!facts) return fail_in(std::move(facts).error(), "reading what " + function + " answered");
    return facts;
}

Result<HostFacts> HypervHost::survey() {
    PASSBENCH_TRY(HostFacts facts, read("Get-PassBenchHost"));
    if (also_ == AlsoSurveyed::wsl) {
        PASSBENCH_TRY(HostFacts more, read("Get-PassBenchWsl"));
        facts.merge(std::move(more));
    } else if (also_ != AlsoSurveyed::nothing) {
        PASSBENCH_TRY(HostFacts more,
                      read("Get-PassBenchEflow", {{"provisioning", eflow_.provisioning.has_value()},
                                                  {"container", also_ == AlsoSurveyed::eflow_with_container}}));
        facts.merge(std::move(more));
    }
    for (const auto& [resource, properties] : facts) {
        if (is_device(resource)) cards_.try_emplace(resource, ids_of(properties));
    }
    return facts;
}

Result<std::vector<std::string>> HypervHost::jobs() {
    PASSBENCH_TRY(const std::string answer, functions_->call("Get-PassBenchJobs", "{}"));
    return jobs_from_value(answer);
}

Result<void> HypervHost::set(const std::string& resource, const std::string& property, const std::string& value) {
    PASSBENCH_TRY(const HostFacts facts, survey());
    auto done = set_in(facts, resource, property, value);
    if (done) return {};
    const auto found = facts.find(resource);
    const std::string from = found == facts.end() ? std::string() : shown_fact(found->second, property);
    const Symptoms symptoms{
        .said = {{.by = Speaker::cmdlet, .doing = doing_of(property, from, value), .text = done.error().what}},
        .gpu = is_device(resource) ? location_of(resource) : "",
        .vm = resource.starts_with(vm_prefix) ? vm_name(resource) : "",
        .host = facts,
        .wanted = property == eflow_key::provisioning ? HostFacts{{resource, {{property, value}}}} : HostFacts()};
    return fail(with_finding(std::move(done).error(), detect(symptoms)));
}

Result<void> HypervHost::set_in(const HostFacts& facts, const std::string& resource, const std::string& property,
                                const std::string& value) {
    const auto found = facts.find(resource);
    if (found == facts.end()) return fail(not_settable(resource, property));
    if (is_device(resource) && property == device_key::state) return move_device(resource, found->second, value);
    if (resource == registry_resource && found->second.contains(property)) {
        return call("Set-PassBenchPolicy", {{"property", property}, {"value", value}});
    }
    if (resource == eflow_resource) return set_eflow_property(facts, property, value);
    if (resource == wsl_resource && found->second.contains(property)) {
        return call("Set-PassBenchWslSetting", {{"property", property}, {"value", value}});
    }
    if (is_distribution(resource) && property == distribution_key::state) {
        return call("Set-PassBenchWslPower", {{"distribution", distribution_name(resource)}, {"power", value}});
    }
    if (resource.starts_with(vm_prefix)) {
        if (property == vm_key::state) return set_power(resource, found->second, value);
        if (property == vm_key::gpu_partition) return set_partition(resource, value);
        if (is_vm_setting(property)) {
            return call("Set-PassBenchVmSetting",
                        {{"vm", vm_name(resource)}, {"property", property}, {"value", value}});
        }
    }
    return fail(not_settable(resource, property));
}

Result<void> HypervHost::check_same_card(const std::string& resource, const Facts& facts) const {
    const auto known = cards_.find(resource);
    if (known == cards_.end() || known->second == ids_of(facts)) return {};
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("another device is at {} now: {} instead of {}", location_of(resource),
                                     ids_of(facts), known->second),
                 .where = resource,
                 .fix = "See that nobody changes cards while a run is on, then run: passbench release"});
}

Result<void> HypervHost::move_device(const std::string& resource, const Facts& facts, const std::string& to) {
    Facts now = facts;
    for (const std::string& stop : stops_on_the_way_back(shown_fact(facts, device_key::state), to)) {
        PASSBENCH_CHECK(move_once(resource, now, stop));
        PASSBENCH_TRY(now, arrived(resource, stop));
    }
    return move_once(resource, now, to);
}

Result<std::optional<Facts>> HypervHost::awaited(const std::string& resource, std::string_view property,
                                                 std::string_view value, std::int64_t limit_s) {
    for (std::int64_t waited_s = 0; waited_s < limit_s; ++waited_s) {
        PASSBENCH_TRY(const HostFacts facts, survey());
        const auto found = facts.find(resource);
        if (found != facts.end() && shown_fact(found->second, property) == value) return std::optional(found->second);
        clock_.sleep(poll_ns);
    }
    return std::optional<Facts>();
}

Result<Facts> HypervHost::arrived(const std::string& resource, const std::string& state) {
    PASSBENCH_TRY(std::optional<Facts> facts, awaited(resource, device_key::state, state, arrival_s));
    if (facts) return *std::move(facts);
    return fail({.code = ErrorCode::timeout,
                 .what = fmt::format("on its way back to the host it is not '{}' after {} s", state, arrival_s),
                 .where = resource,
                 .fix = "See `passbench doctor`, then run: passbench release"});
}

Result<void> HypervHost::move_once(const std::string& resource, const Facts& facts, const std::string& to) {
    PASSBENCH_CHECK(check_same_card(resource, facts));
    const std::string from = shown_fact(facts, device_key::state);
    const Facts instance = {{"instance_id", shown_fact(facts, device_key::instance_id)}};
    const std::string location = location_of(resource);
    const auto vm = [&](const std::string& state) {
        return Facts{{"location", location}, {"vm", state.substr(device_state::vm_prefix.size())}};
    };
    if (from == to) return {};
    if (from == device_state::host && to == device_state::disabled) return call("Disable-PassBenchDevice", instance);
    if (from == device_state::disabled && to == device_state::host) return call("Enable-PassBenchDevice", instance);
    if (from == device_state::disabled && to == device_state::dismounted) {
        const bool must = !fact_bool(facts, device_key::mitigation).value_or(false);
        return call("Dismount-PassBenchDevice",
                    {{"location", location}, {"force", must && force_ == ForcedDismount::consented}});
    }
    if (from == device_state::dismounted && to == device_state::disabled) {
        return call("Mount-PassBenchDevice", {{"location", location}});
    }
    if (from == device_state::dismounted && to.starts_with(device_state::vm_prefix)) {
        return call("Add-PassBenchDevice", vm(to));
    }
    if (from.starts_with(device_state::vm_prefix) && to == device_state::dismounted) {
        return call("Remove-PassBenchDevice", vm(from));
    }
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("a device that is '{}' cannot become '{}' in one step", from, to),
                 .where = resource,
                 .fix = "Somebody else has moved it; see `passbench doctor`, then run: passbench release"});
}

Result<void> HypervHost::set_power(const std::string& vm, const Facts& facts, const std::string& power) {
    if (shown_fact(facts, vm_key::state) == power) return {};
    if (power == "off") return shut_down(vm);
    if (power != "running") return fail(not_settable(vm, fmt::format("state '{}'", power)));
    return call("Set-PassBenchVmPower",
                {{"vm", vm_name(vm)}, {"power", power}, {"how", std::string("turn_off")}, {"timeout_s", shut_down_s}});
}

/// The guest is asked first, for its disks' sake; one that does not answer in time is turned off.
Result<void> HypervHost::shut_down(const std::string& vm) {
    Facts arguments = {{"vm", vm_name(vm)},
                       {"power", std::string("off")},
                       {"how", std::string("shut_down")},
                       {"timeout_s", shut_down_s}};
    const bool is_asked = call("Set-PassBenchVmPower", arguments).has_value();
    if (is_asked) {
        PASSBENCH_TRY(const std::optional<Facts> off, awaited(vm, vm_key::state, "off", shut_down_s));
        if (off) return {};
    }
    arguments["how"] = std::string("turn_off");
    return call("Set-PassBenchVmPower", arguments);
}

Result<void> HypervHost::set_eflow_property(const HostFacts& facts, const std::string& property,
                                            const std::string& value) {
    const EflowGpu before = parse_eflow_gpu(shown_fact(facts.at(std::string(eflow_resource)), property));
    auto set = set_eflow(*functions_, facts, eflow_, property, value);
    // A call that failed may have been carried out all the same.
    if (property == eflow_key::gpu && value == "none") wait_for_cards(before.name);
    return set;
}

/// A card that comes back to the host does so after the call, in half a minute (D12), and the call itself may be late. One that does not come
/// shows when the host is compared with its snapshot.
void HypervHost::wait_for_cards(const std::string& named) {
    constexpr std::int64_t longest_ns = 120'000'000'000;
    constexpr std::int64_t comes_back_ns = 30'000'000'000;
    std::int64_t end_ns = clock_.now_ns() + longest_ns;
    while (clock_.now_ns() < end_ns) {
        const auto facts = survey();
        const auto is_away = [&](const auto& resource) {
            return resource.first.starts_with(gpu_prefix) && shown_fact(resource.second, device_key::name) == named &&
                   shown_fact(resource.second, device_key::state) != device_state::host;
        };
        const auto machine = facts ? facts->find(std::string(eflow_resource)) : HostFacts::const_iterator();
        if (!facts || machine == facts->end()) return;
        const bool is_given_back = shown_fact(machine->second, eflow_key::gpu) == "none";
        if (is_given_back && std::none_of(facts->begin(), facts->end(), is_away)) return;
        if (is_given_back) end_ns = std::min(end_ns, clock_.now_ns() + comes_back_ns);
        clock_.sleep(poll_ns);
    }
}

Result<void> HypervHost::set_partition(const std::string& vm, const std::string& path) {
    if (path == "none") return call("Remove-PassBenchGpuPartition", {{"vm", vm_name(vm)}});
    return call("Add-PassBenchGpuPartition", {{"vm", vm_name(vm)}, {"path", path}});
}

}  // namespace passbench
