#include "host/simulated/simulated_state.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/records/json_codec.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format state_format{"passbench.simulated_host", 1};
constexpr std::size_t most_entries = 1000;
constexpr std::int64_t problem_disabled = 22;  // CM_PROB_DISABLED

constexpr std::initializer_list<Misbehaviour> misbehaviours = {
    Misbehaviour::refuse, Misbehaviour::refuse_after, Misbehaviour::do_nothing, Misbehaviour::late,
    Misbehaviour::hang,   Misbehaviour::die,          Misbehaviour::die_after,  Misbehaviour::garbage};

/// What nobody can look at while no driver works on the device.
constexpr std::array<std::string_view, 3> seen_while_enabled = {device_key::interrupts, device_key::mmio32_bytes,
                                                                device_key::mmio64_bytes};

Json encode_facts(const std::map<std::string, Facts>& by_name) {
    Json json = Json::object();
    for (const auto& [name, facts] : by_name) json[name] = codec::encode(facts);
    return json;
}

std::map<std::string, Facts> decode_facts(const Place& document, std::string_view key) {
    std::map<std::string, Facts> by_name;
    const Place all = document.member(key);
    document.each_member(key, [&](const std::string& name, const Place&) { by_name.emplace(name, all.facts(name)); });
    return by_name;
}

PendingChange decode_pending(const Place& place) {
    return {.at_ns = place.integer("at_ns"),
            .resource = place.text("resource"),
            .property = place.text("property"),
            .value = place.text("value"),
            .job = place.text_or_empty("job")};
}

PlantedFault decode_fault(const Place& place) {
    return {.function = place.text("function"),
            .nth = place.has("nth") ? place.small("nth", 1) : 1,
            .what = place.word("what", misbehaviours),
            .message = place.text_or_empty("message"),
            .id = place.text_or_empty("id"),
            .hresult = place.text_or_empty("hresult"),
            .delay_ns = place.has("delay_ns") ? place.integer("delay_ns") : 0};
}

Json encode(const PlantedFault& fault) {
    Json json = {{"function", fault.function}, {"nth", fault.nth}, {"what", std::string(to_string(fault.what))}};
    codec::put_unless_empty(json, "message", fault.message);
    codec::put_unless_empty(json, "id", fault.id);
    codec::put_unless_empty(json, "hresult", fault.hresult);
    if (fault.delay_ns != 0) json["delay_ns"] = fault.delay_ns;
    return json;
}

Facts visible_device(Facts facts) {
    const std::string state = fact_text(facts, device_key::state).value_or("");
    if (state == device_state::host) return facts;
    for (const auto key : seen_while_enabled) {
        if (const auto found = facts.find(key); found != facts.end()) facts.erase(found);
    }
    if (const auto found = facts.find(device_key::partitionable); found != facts.end()) facts.erase(found);
    if (state == device_state::disabled) {
        facts[std::string(device_key::problem)] = problem_disabled;
        return facts;
    }
    // PCI\VEN_... becomes PCIP\VEN_...
    std::string id = fact_text(facts, device_key::instance_id).value_or("");
    constexpr std::string_view bus = "PCI\\";
    if (id.starts_with(bus)) id.replace(0, bus.size(), "PCIP\\");
    facts[std::string(device_key::instance_id)] = id;
    return facts;
}

void note_started(SimulatedState& state, const std::string& machine, bool runs) {
    if (!runs) state.started.erase(machine);
    if (runs) state.started.try_emplace(machine, state.facts[machine]);
}

/// One virtual machine runs all distributions, as long as one of them runs.
void note_wsl_power(SimulatedState& state) {
    const bool runs = std::any_of(state.facts.begin(), state.facts.end(), [](const auto& resource) {
        return is_distribution(resource.first) && fact_text(resource.second, distribution_key::state) == "running";
    });
    note_started(state, std::string(wsl_resource), runs);
}

}  // namespace

std::string_view to_string(Misbehaviour what) {
    switch (what) {
        case Misbehaviour::refuse:
            return "refuse";
        case Misbehaviour::refuse_after:
            return "refuse_after";
        case Misbehaviour::do_nothing:
            return "do_nothing";
        case Misbehaviour::late:
            return "late";
        case Misbehaviour::hang:
            return "hang";
        case Misbehaviour::die:
            return "die";
        case Misbehaviour::die_after:
            return "die_after";
        case Misbehaviour::garbage:
            return "garbage";
    }
    return "";
}

std::string to_json(const SimulatedState& state) {
    Json json = codec::begin(state_format);
    json["facts"] = encode_facts(state.facts);
    json["now_ns"] = state.now_ns;
    json["started"] = encode_facts(state.started);
    json["pending"] = Json::array();
    for (const PendingChange& change : state.pending) {
        Json entry = {{"at_ns", change.at_ns},
                      {"resource", change.resource},
                      {"property", change.property},
                      {"value", change.value}};
        codec::put_unless_empty(entry, "job", change.job);
        json["pending"].push_back(std::move(entry));
    }
    json["faults"] = Json::array();
    for (const PlantedFault& fault : state.faults) json["faults"].push_back(encode(fault));
    return codec::to_document(json);
}

Result<SimulatedState> simulated_state_from_json(std::string_view text) {
    return codec::decode(text, state_format, codec::max_document_bytes, [](const Place& document) {
        SimulatedState state;
        state.facts = decode_facts(document, "facts");
        state.now_ns = document.integer("now_ns");
        state.started = decode_facts(document, "started");
        document.each("pending", most_entries,
                      [&](const Place& place) { state.pending.push_back(decode_pending(place)); });
        document.each("faults", most_entries, [&](const Place& place) { state.faults.push_back(decode_fault(place)); });
        return state;
    });
}

Result<SimulatedState> state_of_fixture(const std::filesystem::path& host_json) {
    constexpr std::int64_t limit_bytes = std::int64_t{4} << 20;
    PASSBENCH_TRY(const std::string text, read_file(host_json, limit_bytes));
    auto facts = host_from_json(text);
    if (!facts) return fail_in(std::move(facts).error(), "reading the fixture host " + host_json.string());
    SimulatedState state;
    state.facts = *std::move(facts);
    for (const auto& [resource, unused] : state.facts) note_power(state, resource);
    return state;
}

void note_power(SimulatedState& state, const std::string& guest) {
    if (is_distribution(guest)) return note_wsl_power(state);
    if (guest == eflow_resource) {
        return note_started(state, guest, fact_text(state.facts[guest], eflow_key::power) == "running");
    }
    if (!guest.starts_with(vm_prefix)) return;
    note_started(state, guest, fact_text(state.facts[guest], vm_key::state) == "running");
}

HostFacts visible(const SimulatedState& state) {
    HostFacts seen = state.facts;
    for (auto& [resource, facts] : seen) {
        if (is_device(resource)) facts = visible_device(std::move(facts));
    }
    return seen;
}

}  // namespace passbench
