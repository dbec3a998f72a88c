// The fixture hosts: each is what a survey would write, and its table is the one that was written by hand beside it.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/scenario/document.hpp"
#include "host/survey/choose.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

std::chrono::year_month_day day_of(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const char* const at = text.data();
    std::from_chars(at, at + 4, year);
    std::from_chars(at + 5, at + 7, month);
    std::from_chars(at + 8, at + 10, day);
    return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

struct Expected {
    std::chrono::year_month_day today;
    std::string auto_becomes;
    std::string native_becomes;
    std::map<std::string, std::map<std::string, std::vector<std::string>>> cells;  // location, method: word and rules
};

Expected expected_of(const std::string& name) {
    const auto path = fixture_path(name, ".expected.toml");
    const auto table = parse_document(read_plainly(path), path);
    if (!table) {
        ADD_FAILURE() << to_text(table.error());
        return {};
    }
    Expected expected;
    for (const auto& entry : *table) {
        if (const auto* text = std::get_if<std::string>(&entry.node.value)) {
            if (entry.key == "today") expected.today = day_of(*text);
            if (entry.key == "auto") expected.auto_becomes = *text;
            if (entry.key == "native") expected.native_becomes = *text;
            continue;
        }
        for (const auto& cell : std::get<TomlTable>(entry.node.value)) {
            for (const auto& word : std::get<TomlList>(cell.node.value)) {
                expected.cells[entry.key][cell.key].push_back(std::get<std::string>(word.value));
            }
        }
    }
    return expected;
}

/// As the expected file has it: the word, then the rules against it, or the one that it rests on.
std::vector<std::string> in_short(const MethodCell& cell) {
    std::vector<std::string> words = {std::string(to_string(cell.word))};
    const auto against = rules_against(cell);
    words.insert(words.end(), against.begin(), against.end());
    if (against.empty()) words.emplace_back(cell.reasons.front().rule);
    std::sort(words.begin() + 1, words.end());
    return words;
}

class FixtureHost : public testing::TestWithParam<std::string> {};

TEST_P(FixtureHost, HasTheTableThatWasWrittenByHand) {
    auto expected = expected_of(GetParam());
    const auto table = method_table(fixture(GetParam()), expected.today);
    ASSERT_EQ(table.size(), expected.cells.size()) << "a table a GPU";
    for (const auto& row : table) {
        ASSERT_TRUE(expected.cells.contains(row.location)) << row.location;
        auto& cells = expected.cells[row.location];
        EXPECT_EQ(cells.size(), all_methods.size()) << row.location;
        for (const auto& cell : row.cells) {
            auto& wanted = cells[std::string(to_string(cell.method))];
            ASSERT_FALSE(wanted.empty()) << row.location << " " << to_string(cell.method);
            std::sort(wanted.begin() + 1, wanted.end());
            EXPECT_EQ(in_short(cell), wanted) << row.location << " " << to_string(cell.method);
        }
    }
}

TEST_P(FixtureHost, MakesOfAutoAndNativeWhatWasWrittenByHand) {
    const auto expected = expected_of(GetParam());
    const auto table = method_table(fixture(GetParam()), expected.today);
    const auto word = [](const Result<Choice>& choice) {
        return choice ? std::string(to_string(choice->method)) : std::string("none");
    };
    EXPECT_EQ(word(choose_auto(table)), expected.auto_becomes);
    EXPECT_EQ(word(choose_native(table)), expected.native_becomes);
}

TEST_P(FixtureHost, IsInTheFormThatDoctorSaves) {
    EXPECT_EQ(to_json(fixture(GetParam())), read_plainly(fixture_path(GetParam(), ".json")));
}

TEST_P(FixtureHost, SaysThatNobodySurveyedIt) {
    const auto origin = fact_text(fixture(GetParam()).at(std::string(host_resource)), "fixture.origin");
    ASSERT_TRUE(origin);
    EXPECT_THAT(*origin, HasSubstr("Constructed from documentation"));
}

enum class Kind { text, number, truth };

/// The keys of a resource, and of which kind their values are.
const std::map<std::string, Kind, std::less<>>& keys_of(std::string_view resource) {
    using enum Kind;
    static const std::map<std::string, Kind, std::less<>> wsl = {
        {"config.gpu_support", text}, {"config.memory", text}, {"config.processors", text}};
    static const std::map<std::string, Kind, std::less<>> distribution = {
        {"version", number}, {"default", truth}, {"state", text}};
    static const std::map<std::string, Kind, std::less<>> eflow = {{"deployment", text},
                                                                   {"power", text},
                                                                   {"config.cpu_count", number},
                                                                   {"config.memory_mb", number},
                                                                   {"config.gpu", text}};
    if (resource == eflow_resource) return eflow;
    if (resource == wsl_resource) return wsl;
    if (resource.starts_with(wsl_prefix)) return distribution;
    static const std::map<std::string, Kind, std::less<>> host = {{"os.product_type", number},
                                                                  {"os.caption", text},
                                                                  {"os.edition", text},
                                                                  {"os.build", number},
                                                                  {"os.ubr", number},
                                                                  {"os.display_version", text},
                                                                  {"os.insider_channel", text},
                                                                  {"computer.model", text},
                                                                  {"hypervisor.present", truth},
                                                                  {"hypervisor.nested", truth},
                                                                  {"iov.support", truth},
                                                                  {"iov.reasons", text},
                                                                  {"iommu.policy", text},
                                                                  {"cpu.physical_address_bits", number},
                                                                  {"memory_bytes", number},
                                                                  {"elevated", truth},
                                                                  {"hcs.schema", text},
                                                                  {"hns.version", text},
                                                                  {"wsl.version", text},
                                                                  {"eflow.version", text},
                                                                  {"openssh.version", text},
                                                                  {"power.plan", text},
                                                                  {"gpu.hags", text},
                                                                  {"service.vmms", text},
                                                                  {"service.vmcompute", text},
                                                                  {"service.hvhost", text},
                                                                  {"service.wssdagent", text},
                                                                  {"feature.hyperv", truth},
                                                                  {"feature.hyperv_powershell", truth},
                                                                  {"feature.vm_platform", truth},
                                                                  {"feature.openssh_client", truth},
                                                                  {"fixture.origin", text}};
    static const std::map<std::string, Kind, std::less<>> registry = {{"RequireSecureDeviceAssignment", text},
                                                                      {"RequireSupportedDeviceAssignment", text}};
    static const std::map<std::string, Kind, std::less<>> device = {{"name", text},
                                                                    {"state", text},
                                                                    {"instance_id", text},
                                                                    {"vendor_id", text},
                                                                    {"device_id", text},
                                                                    {"subsystem_id", text},
                                                                    {"revision", text},
                                                                    {"base_class", number},
                                                                    {"problem_code", number},
                                                                    {"driver.version", text},
                                                                    {"driver.wsl_cuda", truth},
                                                                    {"driver.model", text},
                                                                    {"driver.mitigation", truth},
                                                                    {"display.attached", truth},
                                                                    {"display.boot", truth},
                                                                    {"vram_bytes", number},
                                                                    {"mmio.below_4g_bytes", number},
                                                                    {"mmio.above_4g_bytes", number},
                                                                    {"partitionable_path", text},
                                                                    {"card", text},
                                                                    {"pci.reserved_memory_region", truth},
                                                                    {"pci.acs_up_hierarchy", number},
                                                                    {"pci.device_type", number},
                                                                    {"pci.interrupts", text}};
    static const std::map<std::string, Kind, std::less<>> vm = {
        {"generation", number},           {"config_version", text},
        {"checkpoints", number},          {"state", text},
        {"automatic_stop_action", text},  {"guest_controlled_cache_types", truth},
        {"low_mmio_bytes", number},       {"high_mmio_bytes", number},
        {"high_mmio_base_bytes", number}, {"dynamic_memory", truth},
        {"memory_bytes", number},         {"processors", number},
        {"checkpoint_type", text},        {"secure_boot", truth},
        {"gpu_partition", text}};
    if (resource == host_resource) return host;
    if (resource == registry_resource) return registry;
    return resource.starts_with(vm_prefix) ? vm : device;
}

Kind kind_of(const Fact& fact) {
    if (std::holds_alternative<bool>(fact)) return Kind::truth;
    return std::holds_alternative<std::string>(fact) ? Kind::text : Kind::number;
}

TEST_P(FixtureHost, UsesNoKeyThatASurveyDoesNotWrite) {
    for (const auto& [resource, facts] : fixture(GetParam())) {
        const auto& known = keys_of(resource);
        for (const auto& [key, fact] : facts) {
            const auto found = known.find(key);
            ASSERT_NE(found, known.end()) << resource << " " << key;
            EXPECT_EQ(kind_of(fact), found->second) << resource << " " << key;
        }
    }
}

TEST_P(FixtureHost, HasWholeVirtualMachinesAndCards) {
    const auto facts = fixture(GetParam());
    for (const auto& [resource, each] : facts) {
        if (resource.starts_with(vm_prefix)) {
            EXPECT_EQ(each.size(), keys_of(resource).size()) << resource;
        }
        if (resource.starts_with(function_prefix)) {
            EXPECT_TRUE(facts.contains(std::string(gpu_prefix) + fact_text(each, device_key::card).value_or("")))
                << resource << " is of no card here";
        }
        const auto state = fact_text(each, device_key::state).value_or("");
        if (state.starts_with(device_state::vm_prefix)) {
            EXPECT_TRUE(facts.contains("vm/" + state.substr(device_state::vm_prefix.size()))) << resource;
            EXPECT_THAT(fact_text(each, device_key::instance_id).value_or(""), HasSubstr("PCIP\\"));
            EXPECT_FALSE(each.contains(device_key::device_type)) << "what SurveyDDA looks at is absent then";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, FixtureHost, testing::ValuesIn(fixture_names()), [](const auto& name) {
    std::string word = name.param;
    std::replace(word.begin(), word.end(), '-', '_');
    return word;
});

TEST(FixtureHosts, AreTheOnesThatAreAskedFor) {
    EXPECT_THAT(fixture_names(),
                testing::IsSupersetOf({"server-2019-t4", "server-2022-a2-mitigated", "windows-10-rtx-2070",
                                       "windows-11-geforce-wsl", "windows-11-t4-eflow", "server-2025-policy",
                                       "server-2022-36-bit-addresses", "nested-host", "laptop-only-display",
                                       "server-2019-two-t4s", "insider-21318-t4-geforce", "server-2025-rtx-a5000"}));
}

TEST(FixtureHosts, ShowEveryMethodPossibleAndImpossible) {
    std::set<std::pair<Method, bool>> seen;
    for (const auto& name : fixture_names()) {
        for (const auto& row : method_table(fixture(name), test_day)) {
            for (const auto& cell : row.cells) seen.emplace(cell.method, cell.word != Possibility::impossible);
        }
    }
    EXPECT_EQ(seen.size(), 2 * all_methods.size());
}

}  // namespace
}  // namespace passbench
