#include "host/signs/state.hpp"

#include <charconv>
#include <cstdint>
#include <vector>

#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

const Facts& facts_of(const HostFacts& resources, const std::string& resource) {
    static const Facts none;
    const auto found = resources.find(resource);
    return found == resources.end() ? none : found->second;
}

std::string_view name_of(Of of) {
    switch (of) {
        case Of::arm:
            return "arm";
        case Of::host:
            return "host";
        case Of::gpu:
            return "gpu";
        case Of::vm:
            return "vm";
        case Of::eflow:
            return "eflow";
        case Of::guest:
            return "guest";
        case Of::wanted_gpu:
            return "wanted gpu";
        case Of::wanted_vm:
            return "wanted vm";
        case Of::wanted_eflow:
            return "wanted eflow";
    }
    return "";
}

std::string_view word_of(Is is) {
    switch (is) {
        case Is::equal:
            return "=";
        case Is::other:
            return "is known and not";
        case Is::unless:
            return "is not";
        case Is::beginning:
            return "begins with";
        case Is::containing:
            return "contains";
        case Is::at_least:
            return ">=";
        case Is::at_most:
            return "<=";
        case Is::version:
            return "is version";
        case Is::version_from:
            return "is version or later:";
        case Is::version_below:
            return "is older than version";
    }
    return "";
}

/// "8.6p1" is 8, 6; empty where it is no version.
std::vector<int> numbers_of(std::string_view version) {
    std::vector<int> numbers;
    while (!version.empty()) {
        int number = 0;
        const auto [after, error] = std::from_chars(version.data(), version.data() + version.size(), number);
        if (error != std::errc()) break;
        numbers.push_back(number);
        version.remove_prefix(static_cast<std::size_t>(after - version.data()));
        if (!version.starts_with('.')) break;
        version.remove_prefix(1);
    }
    return numbers;
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && after == end ? std::optional(number) : std::nullopt;
}

bool is_so(std::string_view text, Is is, std::string_view value) {
    const auto number = number_of(text);
    const auto versions = [&](const auto& compare) {
        const std::vector<int> here = numbers_of(text);
        return !here.empty() && compare(here, numbers_of(value));
    };
    switch (is) {
        case Is::equal:
            return text == value;
        case Is::other:
        case Is::unless:
            return text != value;
        case Is::beginning:
            return text.starts_with(value);
        case Is::containing:
            return text.find(value) != std::string_view::npos;
        case Is::at_least:
            return number && *number >= number_of(value);
        case Is::at_most:
            return number && *number <= number_of(value);
        case Is::version:
            return versions([](const auto& left, const auto& right) { return left == right; });
        case Is::version_from:
            return versions([](const auto& left, const auto& right) { return left >= right; });
        case Is::version_below:
            return versions([](const auto& left, const auto& right) { return left < right; });
    }
    return false;
}

}  // namespace

State::State(const Symptoms& symptoms) : symptoms_(symptoms) {
    if (!symptoms.method.empty()) arm_["method"] = symptoms.method;
}

const Facts& State::facts(Of of) const {
    const std::string gpu = std::string(gpu_prefix) + symptoms_.gpu;
    const std::string vm = std::string(vm_prefix) + symptoms_.vm;
    const std::string eflow(eflow_resource);
    switch (of) {
        case Of::arm:
            return arm_;
        case Of::host:
            return facts_of(symptoms_.host, std::string(host_resource));
        case Of::gpu:
            return facts_of(symptoms_.host, gpu);
        case Of::vm:
            return facts_of(symptoms_.host, vm);
        case Of::eflow:
            return facts_of(symptoms_.host, eflow);
        case Of::guest:
            return symptoms_.guest;
        case Of::wanted_gpu:
            return facts_of(symptoms_.wanted, gpu);
        case Of::wanted_vm:
            return facts_of(symptoms_.wanted, vm);
        case Of::wanted_eflow:
            return facts_of(symptoms_.wanted, eflow);
    }
    return symptoms_.guest;
}

std::string to_text(const StateCondition& condition) {
    std::string text(name_of(condition.of));
    for (const std::string_view part : {condition.key, word_of(condition.is), condition.value}) {
        text.append(" ").append(part);
    }
    return text;
}

std::optional<std::string> holds(const StateCondition& condition, const State& state) {
    const Facts& facts = state.facts(condition.of);
    const auto fact = facts.find(condition.key);
    const std::string subject = std::string(name_of(condition.of)) + " " + std::string(condition.key);
    if (fact == facts.end()) {
        return condition.is == Is::unless ? std::optional(subject + " is not known") : std::nullopt;
    }
    const std::string value = to_string(fact->second);
    if (!is_so(value, condition.is, condition.value)) return std::nullopt;
    return subject + " = " + value;
}

}  // namespace passbench
