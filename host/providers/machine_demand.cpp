#include "host/providers/machine_demand.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool is_upper(char character) { return character >= 'A' && character <= 'Z'; }
bool is_lower(char character) { return character >= 'a' && character <= 'z'; }

/// In lower case: "NVIDIA A100-SXM4-40GB" is nvidia, a100, sxm4, 40gb.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    for (const char character : text) {
        const bool is_part = is_digit(character) || is_upper(character) || is_lower(character);
        if (is_part && !inside) words.emplace_back();
        if (is_part) words.back() += is_upper(character) ? static_cast<char>(character - 'A' + 'a') : character;
        inside = is_part;
    }
    return words;
}

}  // namespace

Error demand_not_met(const std::string& key, const std::string& why) {
    return {.code = ErrorCode::precondition,
            .what = "this machine does not meet the scenario's demand: " + why,
            .where = "machine." + key,
            .fix = "Run it where the demand is met, or leave " + key + " out of the scenario's machine."};
}

Result<void> check_machine(const Facts& machine, const MachineDemand& demand) {
    if (const auto cpus = fact_int(machine, machine_cpus); cpus && demand.vcpus && *cpus < *demand.vcpus) {
        return fail(demand_not_met("vcpus", fmt::format("it has {} CPUs, not {}", *cpus, *demand.vcpus)));
    }
    if (const auto bytes = fact_int(machine, machine_memory);
        bytes && demand.memory_bytes && *bytes < *demand.memory_bytes) {
        return fail(demand_not_met("memory", fmt::format("it has {} of memory, not {}", format_bytes(*bytes),
                                                         format_bytes(*demand.memory_bytes))));
    }
    return {};
}

bool is_card(std::string_view name, std::string_view demand) {
    const auto there = words_of(name);
    const auto asked = words_of(demand);
    return !asked.empty() && std::search(there.begin(), there.end(), asked.begin(), asked.end()) != there.end();
}

Result<void> check_card(const Environment& guest, const std::string& demand) {
    if (!fact_bool(guest.capabilities, "gpu.present").value_or(false)) {
        Error error = demand_not_met(
            "gpu", fmt::format("it has no GPU that works, and '{}' is asked for: {}", demand,
                               fact_text(guest.capabilities, "gpu.why").value_or("its agent does not say why.")));
        error.finding = fact_text(guest.capabilities, "gpu.finding").value_or("");
        return fail(std::move(error));
    }
    const auto name = fact_text(guest.identity, "gpu.model");
    if (!name) return fail(demand_not_met("gpu", fmt::format("its GPU has no name, and '{}' is asked for", demand)));
    if (!is_card(*name, demand))
        return fail(demand_not_met("gpu", fmt::format("its GPU is '{}', not '{}'", *name, demand)));
    return {};
}

}  // namespace passbench
