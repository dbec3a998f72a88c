#include "host/simulated/action_tools.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/core.h>

namespace passbench::actions {

void unfit(const std::string& message) {
    throw Unfit({.message = message, .id = "ParameterBindingFailed", .category = "InvalidArgument"});
}

void allow(const rules::Refusal& refusal) {
    if (refusal) throw Unfit(*refusal);
}

Facts& facts_of(SimulatedState& state, const std::string& resource, const std::string& what) {
    const auto found = state.facts.find(resource);
    if (found != state.facts.end()) return found->second;
    throw Unfit({.message = what, .id = "ObjectNotFound", .category = "ObjectNotFound"});
}

Fact as_type_of(const Fact& known, const std::string& text) {
    if (std::holds_alternative<bool>(known)) {
        if (text != "true" && text != "false") unfit(fmt::format("Cannot convert '{}' to Boolean.", text));
        return text == "true";
    }
    if (std::holds_alternative<std::int64_t>(known)) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < 0) {
            unfit(fmt::format("Cannot convert '{}' to a number.", text));
        }
        return number;
    }
    return text;
}

void put(SimulatedState& state, const std::string& resource, std::string_view property, std::string value) {
    state.facts[resource][std::string(property)] = std::move(value);
}

void put_later(SimulatedState& state, PendingChange change) { state.pending.push_back(std::move(change)); }

std::string nothing() { return "null"; }

std::string resources_value(const HostFacts& facts, bool (*is_meant)(std::string_view resource)) {
    codec::Json resources = codec::Json::object();
    for (const auto& [resource, properties] : facts) {
        if (is_meant(resource)) resources[resource] = codec::encode(properties);
    }
    return codec::to_compact({{"resources", resources}});
}

}  // namespace passbench::actions
