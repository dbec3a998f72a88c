#include "host/providers/local_provider.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/system_file.hpp"
#include "harness/core/this_process.hpp"
#include "host/carriers/child_process_carrier.hpp"
#include "host/providers/cards.hpp"
#include "host/providers/machine_demand.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view policy_begin = "cpufreq/policy";
constexpr std::string_view governor_key = "governor";
constexpr std::string_view available_key = "available_governors";
constexpr std::string_view turbo_key = "turbo";
constexpr const char* machine_resource = "machine";
constexpr std::int64_t max_property_bytes = 4096;  // a page: what sysfs gives at most

/// One property of the kernel without its newline; nothing where there is no such file.
std::optional<std::string> read_property(const fs::path& path) {
    auto text = read_file(path, max_property_bytes);
    if (!text) return std::nullopt;
    text->erase(text->find_last_not_of(" \t\n") + 1);
    return *std::move(text);
}

/// Not through core/durable_files: this is the host's, not a record of ours.
Result<void> write_property(const fs::path& path, const std::string& value) {
    SystemFile file;
    int error_number = file.open(path, FileUse::rewrite_existing);
    if (error_number == 0) error_number = file.write(std::as_bytes(std::span(value.data(), value.size()))).error_number;
    if (error_number == 0) return {};
    const bool needs_rights = error_number == EACCES || error_number == EPERM;
    return fail({.code = needs_rights ? ErrorCode::precondition : ErrorCode::io,
                 .what = "the kernel does not take '" + value + "': " + std::generic_category().message(error_number),
                 .where = path.string(),
                 .fix = needs_rights
                            ? "Run as root, or leave [prepare] out of lab.toml; the firmware may also have locked it."
                            : "Check that this machine supports the value, or leave it out of [prepare]."});
}

/// Turbo has one of two switches, by driver, with opposite meanings.
struct TurboSwitch {
    fs::path path;
    std::string on;
    std::string off;
};

std::optional<TurboSwitch> turbo_switch(const fs::path& cpu) {
    std::error_code ignored;
    if (const fs::path path = cpu / "intel_pstate/no_turbo"; fs::exists(path, ignored))
        return TurboSwitch{path, "0", "1"};
    if (const fs::path path = cpu / "cpufreq/boost"; fs::exists(path, ignored)) return TurboSwitch{path, "1", "0"};
    return std::nullopt;
}

/// Names come back from journals: one that is not of this form must never become a path.
bool is_policy(std::string_view resource) {
    if (!resource.starts_with(policy_begin) || resource.size() == policy_begin.size()) return false;
    resource.remove_prefix(policy_begin.size());
    return std::all_of(resource.begin(), resource.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

Error no_such_property(const std::string& resource, const std::string& property) {
    return {.code = ErrorCode::usage,
            .what = "this provider cannot set " + resource + " " + property,
            .where = "provider local",
            .fix = "Check lab.toml and the journal; a journal of another machine cannot be restored here."};
}

Error nothing_to_prepare(const std::string& key, std::string why) {
    return {.code = ErrorCode::unsupported,
            .what = key + " cannot be set on this machine: " + std::move(why),
            .where = "[prepare] " + key,
            .fix = "Take the line of " + key +
                   " out of [prepare], or put # before it. In a virtual machine, the clock is the host's to set."};
}

bool has_word(const std::string& words, const std::string& word) {
    return (" " + words + " ").find(" " + word + " ") != std::string::npos;
}

Result<void> add_governor_steps(const HostFacts& facts, const std::string& wanted, std::vector<Step>& steps) {
    bool any = false;
    for (const auto& [resource, properties] : facts) {
        const auto governor = fact_text(properties, governor_key);
        if (!is_policy(resource) || !governor) continue;
        any = true;
        const std::string available = fact_text(properties, available_key).value_or(*governor);
        if (!has_word(available, wanted)) {
            return fail(
                nothing_to_prepare("cpu_governor", fmt::format("{} offers {}, not '{}'", resource, available, wanted)));
        }
        if (*governor == wanted) continue;
        steps.push_back({.resource = resource,
                         .property = std::string(governor_key),
                         .before = *governor,
                         .wanted = wanted,
                         .why = "A governor that follows the load changes the clock while it is measured."});
    }
    if (any) return {};
    return fail(nothing_to_prepare(
        "cpu_governor", "its kernel shows no frequency control (no cpufreq/policy* below /sys/devices/system/cpu)"));
}

Result<void> add_turbo_step(const HostFacts& facts, const std::string& wanted, std::vector<Step>& steps) {
    const auto cpu = facts.find("cpu");
    const auto turbo = cpu == facts.end() ? std::nullopt : fact_text(cpu->second, turbo_key);
    if (!turbo) {
        return fail(nothing_to_prepare("cpu_turbo",
                                       "its kernel shows no switch for it (intel_pstate/no_turbo, cpufreq/boost)"));
    }
    if (wanted != "on" && wanted != "off") {
        return fail(nothing_to_prepare("cpu_turbo", "it is on or off, not '" + wanted + "'"));
    }
    if (*turbo == wanted) return {};
    steps.push_back({.resource = "cpu",
                     .property = std::string(turbo_key),
                     .before = *turbo,
                     .wanted = wanted,
                     .why = "Turbo depends on temperature and on how many cores are busy."});
    return {};
}

using Prepare = std::map<std::string, std::string>;

/// In the order of the steps: the clock of a card holds only while persistence mode is on.
constexpr std::array<std::string_view, 4> preparations = {"cpu_governor", "cpu_turbo", "gpu_persistence", "gpu_clocks"};

Result<void> add_steps(std::string_view key, const HostFacts& facts, const Prepare& prepare, std::vector<Step>& steps) {
    const std::string& wanted = prepare.at(std::string(key));
    if (key == "cpu_governor") return add_governor_steps(facts, wanted, steps);
    if (key == "cpu_turbo") return add_turbo_step(facts, wanted, steps);
    return card_steps(std::string(key), facts, prepare).map([&](std::vector<Step> more) {
        std::move(more.begin(), more.end(), std::back_inserter(steps));
    });
}

Facts machine_facts() {
    const MachineSize size = machine_size();
    return {{std::string(machine_cpus), size.cpus}, {std::string(machine_memory), size.memory_bytes}};
}

}  // namespace

LocalProvider::LocalProvider(LocalPaths paths) : paths_(std::move(paths)) {}

Result<HostFacts> LocalProvider::survey() {
    HostFacts facts = {{machine_resource, machine_facts()}};
    std::error_code error;
    for (fs::directory_iterator entry(paths_.cpu / "cpufreq", error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const std::string resource = "cpufreq/" + entry->path().filename().string();
        const auto governor = read_property(entry->path() / "scaling_governor");
        if (!is_policy(resource) || !governor) continue;
        Facts& properties = facts[resource];
        properties.emplace(governor_key, *governor);
        if (auto available = read_property(entry->path() / "scaling_available_governors")) {
            properties.emplace(available_key, *std::move(available));
        }
    }
    if (const auto turbo = turbo_switch(paths_.cpu)) {
        const auto state = read_property(turbo->path);
        if (state) facts["cpu"].emplace(turbo_key, std::string(*state == turbo->on ? "on" : "off"));
    }
    PASSBENCH_TRY(HostFacts cards, survey_cards());
    facts.merge(std::move(cards));
    return facts;
}

/// An agent that is not there is a reason why no card can be set, not a host that cannot be surveyed.
Result<HostFacts> LocalProvider::survey_cards() {
    if (paths_.cards == PreparedCards::untouched) return HostFacts();
    auto agent = agent_path();
    if (!agent) return no_cards(agent.error());
    ChildProcessCarrier carrier;
    return ask_for_cards({.carrier = carrier, .agent = *agent, .stand_in = stand_in_nvml(*agent)});
}

std::string LocalProvider::stand_in_nvml(const std::string& agent) const {
    if (paths_.cards != PreparedCards::simulated) return "";
    std::error_code unknown;
    return (fs::absolute(agent, unknown).parent_path().parent_path() / "emulation" / "libnvidia-ml.so.1").string();
}

Result<void> LocalProvider::set(const std::string& resource, const std::string& property, const std::string& value) {
    if (is_policy(resource) && property == governor_key) {
        return write_property(paths_.cpu / resource / "scaling_governor", value);
    }
    const auto turbo = turbo_switch(paths_.cpu);
    if (resource == "cpu" && property == turbo_key && turbo && (value == "on" || value == "off")) {
        return write_property(turbo->path, value == "on" ? turbo->on : turbo->off);
    }
    const std::string key = preparation_of(property);
    if (paths_.cards != PreparedCards::untouched && is_card_resource(resource) && !key.empty()) {
        auto set = agent_path().and_then([&](const std::string& agent) {
            ChildProcessCarrier carrier;
            return set_card({.carrier = carrier, .agent = agent, .stand_in = stand_in_nvml(agent)}, resource, property,
                            value);
        });
        if (!set) return fail(placed(std::move(set).error(), paths_.asked_at, key));
        return {};
    }
    return fail(no_such_property(resource, property));
}

Result<std::vector<Step>> LocalProvider::steps(const HostFacts& facts, const LeaseRequest& request) const {
    // A host that was recorded elsewhere may say nothing of it.
    if (const auto machine = facts.find(machine_resource); machine != facts.end()) {
        PASSBENCH_CHECK(check_machine(machine->second, request.machine));
    }
    for (const auto& [key, wanted] : request.prepare) {
        if (std::find(preparations.begin(), preparations.end(), key) != preparations.end()) continue;
        return fail(placed({.code = ErrorCode::usage,
                            .what = "the provider local cannot prepare '" + key + "'",
                            .where = "[prepare] " + key,
                            .fix = "It knows: cpu_governor, cpu_turbo, gpu_clocks, gpu_persistence."},
                           paths_.asked_at, key));
    }
    std::vector<Step> steps;
    for (const std::string_view key : preparations) {
        if (!request.prepare.contains(std::string(key))) continue;
        auto added = add_steps(key, facts, request.prepare, steps);
        if (!added) return fail(placed(std::move(added).error(), paths_.asked_at, std::string(key)));
    }
    return steps;
}

std::unique_ptr<Carrier> LocalProvider::carrier() { return std::make_unique<ChildProcessCarrier>(); }

Result<std::string> LocalProvider::agent_path() {
    std::error_code error;
    fs::path agent = paths_.agent;
    if (agent.empty()) agent = running_program().parent_path() / program_file_name("passbench-agent");
    if (fs::exists(agent, error)) return agent.string();
    return fail({.code = ErrorCode::agent_lost,
                 .what = "there is no passbench-agent beside the running program",
                 .where = agent.string(),
                 .fix = "Build it (scripts/run.sh does), or say where it is with --agent."});
}

// In a folder beside the agent's, never in it, so that no search path finds it by chance.
Result<std::string> LocalProvider::stand_in_driver(const std::string& agent) {
    std::error_code unknown;
    const fs::path driver = fs::absolute(agent, unknown).parent_path().parent_path() / "emulation" / "libcuda.so.1";
    std::error_code error;
    if (fs::exists(driver, error)) return driver.string();
    return fail({.code = ErrorCode::unsupported,
                 .what = "the stand-in CUDA driver of this build is not there",
                 .where = driver.string(),
                 .fix = "Build it (scripts/run.sh does), or leave out --lab simulated."});
}

}  // namespace passbench
