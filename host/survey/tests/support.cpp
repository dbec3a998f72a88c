#include "host/survey/tests/support.hpp"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {

namespace {

constexpr std::string_view hosts_folder = "host/simulated/hosts";

}  // namespace

std::string fixture_path(const std::string& name, std::string_view ending) {
    return (std::filesystem::path(hosts_folder) / (name + std::string(ending))).string();
}

std::vector<std::string> fixture_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(hosts_folder)) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
    std::ranges::sort(names);
    return names;
}

HostFacts fixture(const std::string& name) {
    auto facts = host_from_json(read_plainly(fixture_path(name, ".json")));
    if (!facts) ADD_FAILURE() << name << ": " << to_text(facts.error());
    return facts ? *std::move(facts) : HostFacts();
}

std::string first_card(const HostFacts& facts) {
    for (const auto& [resource, gpu] : facts) {
        if (resource.starts_with(gpu_prefix) && fact_text(gpu, device_key::vendor) == "10de") return resource;
    }
    ADD_FAILURE() << "a host without a card";
    return "";
}

MethodCell cell_of_first_card(const HostFacts& facts, Method method) {
    const auto card = first_card(facts);
    for (const auto& row : method_table(facts, test_day)) {
        if (std::string(gpu_prefix) + row.location == card) return row.cell(method);
    }
    ADD_FAILURE() << "no row of " << card;
    return {.method = method, .word = Possibility::impossible, .reasons = {}};
}

std::vector<std::string> rules_against(const MethodCell& cell) {
    std::vector<std::string> rules;
    for (const auto& reason : cell.reasons) {
        if (reason.word != Possibility::possible) rules.emplace_back(reason.rule);
    }
    return rules;
}

}  // namespace passbench
