#include "harness/scenario/load_table.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace passbench {

namespace {

constexpr std::array<std::string_view, 3> load_names = {"cpu", "memory", "gpu"};

std::string fix_of_level() {
    return fmt::format(
        "A level is a number of processes from 0 to {}, such as cpu = [0, 1, 2]; 0, the case alone, is always "
        "measured.",
        most_load_processes);
}

std::optional<int> read_level(const TomlNode& node, LoadKind kind, const MachineDemand& machine, Mistakes& mistakes) {
    const auto* level = std::get_if<std::int64_t>(&node.value);
    if (level == nullptr || *level < 0 || *level > most_load_processes) {
        mistakes.add(node.place,
                     level == nullptr ? fmt::format("a level of load {} is {}", to_string(kind), kind_of(node))
                                      : fmt::format("load {} has no level {}", to_string(kind), *level),
                     fix_of_level());
        return std::nullopt;
    }
    if (machine.vcpus && *level > *machine.vcpus) {
        mistakes.add(node.place,
                     fmt::format("{} processes of load {} need a CPU each, and machine.vcpus is {}", *level,
                                 to_string(kind), *machine.vcpus),
                     "Take a lower level, or ask for more CPUs.");
        return std::nullopt;
    }
    return static_cast<int>(*level);
}

std::vector<Load> read_levels(const TomlEntry& entry, LoadKind kind, const MachineDemand& machine, Mistakes& mistakes) {
    const TomlList single = {entry.node};
    const auto* list = std::get_if<TomlList>(&entry.node.value);
    if (list != nullptr && list->empty()) {
        mistakes.add(entry.node.place, fmt::format("load {} has no level", to_string(kind)), fix_of_level());
    }
    std::vector<Load> loads;
    std::vector<int> seen;
    for (const TomlNode& node : list != nullptr ? *list : single) {
        const auto level = read_level(node, kind, machine, mistakes);
        if (!level) continue;
        if (std::ranges::find(seen, *level) != seen.end()) {
            mistakes.add(node.place, fmt::format("level {} of load {} stands twice", *level, to_string(kind)),
                         "Name each level once.");
            continue;
        }
        seen.push_back(*level);
        if (*level > 0) loads.push_back({.kind = kind, .level = *level});
    }
    return loads;
}

bool uses_gpu(const ScenarioCase& table) { return std::ranges::find(table.forms, Form::cuda) != table.forms.end(); }

}  // namespace

std::vector<Load> read_loads(const Fields& top, const Scenario& scenario, Mistakes& mistakes) {
    const TomlTable* table = top.table("load");
    if (table == nullptr) return {};
    const Fields fields(*table, "[load]", load_names, mistakes);
    std::vector<Load> loads;
    for (const TomlEntry& entry : *table) {
        const auto kind = parse_load_kind(entry.key);
        if (!kind) continue;  // told by Fields
        if (*kind == LoadKind::gpu && !scenario.cases.empty() && std::ranges::none_of(scenario.cases, uses_gpu)) {
            mistakes.add(entry.place, "a load of the GPU beside cases that use none",
                         "Give a case the form cuda, or take gpu out of [load].");
        }
        const auto levels = read_levels(entry, *kind, scenario.machine, mistakes);
        loads.insert(loads.end(), levels.begin(), levels.end());
    }
    if (table->empty()) {
        mistakes.add(top.find("load")->node.place, "[load] names no load",
                     "Write levels of cpu, memory or gpu, such as cpu = [0, 1, 2], or take the table out.");
    }
    return loads;
}

}  // namespace passbench
