#include "host/providers/eflow_steps.hpp"

#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "host/providers/step_list.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

const std::string& eflow() {
    static const std::string resource(eflow_resource);
    return resource;
}

std::string_view type_of(EflowPassthrough how) {
    return how == EflowPassthrough::whole ? "DirectDeviceAssignment" : "ParaVirtualization";
}

Error not_deployed() {
    return {.code = ErrorCode::precondition,
            .what = "EFLOW is installed, and its virtual machine is not deployed",
            .where = eflow(),
            .fix = "Deploy it (Deploy-Eflow), or let passbench: `deploy = true` below [eflow] in lab.toml. It stays."};
}

Error runs() {
    return {.code = ErrorCode::precondition,
            .what = "EFLOW's virtual machine runs, and what is changed of it shows after its next start",
            .where = eflow(),
            .fix = "Stop it (Stop-EflowVm), or allow passbench to: `may_stop = true` at the arm in lab.toml."};
}

/// The facts as they are once the machine is deployed.
HostFacts with_machine(HostFacts facts, const EflowSettings& settings) {
    facts[eflow()] = {{std::string(eflow_key::deployment), std::string("deployed")},
                      {std::string(eflow_key::power), std::string("off")},
                      {std::string(eflow_key::cpu_count), settings.cpus},
                      {std::string(eflow_key::memory_mb), settings.memory_mb},
                      {std::string(eflow_key::gpu), std::string("none")},
                      {std::string(eflow_key::container), std::string("none")}};
    return facts;
}

/// Each of them is a call of Set-EflowVM with everything that it takes (E2).
void add_config(StepList& steps, const HypervDemand& demand, const std::string& gpu) {
    constexpr std::int64_t mib = std::int64_t{1} << 20;
    if (demand.processors) {
        steps.add(eflow(), eflow_key::cpu_count, std::to_string(*demand.processors), "The scenario asks for it.");
    }
    if (demand.memory_bytes) {
        const std::int64_t even_mib = (*demand.memory_bytes / mib + 1) / 2 * 2;
        steps.add(eflow(), eflow_key::memory_mb, std::to_string(even_mib), "The scenario asks for it.");
    }
    steps.add(eflow(), eflow_key::gpu, gpu, "The guest gets the card.");
}

Step deployment() {
    return {.resource = eflow(),
            .property = std::string(eflow_key::deployment),
            .before = "none",
            .wanted = "deployed",
            .undo = Undo::keep,
            .why = "The guest that is measured; EFLOW has no way to remove it but its uninstallation."};
}

/// Only a machine that runs can be provisioned, and says how it is. Of one that is off it is taken to be as it was deployed; where it is
/// as wanted already, the engine leaves it so.
void add_provisioning(std::vector<Step>& steps, Facts& machine, const std::string& type) {
    const std::string is = shown_fact(machine, eflow_key::provisioning);
    if (is == type) return;
    if (shown_fact(machine, eflow_key::power) != "running") {
        steps.push_back({.resource = eflow(),
                         .property = std::string(eflow_key::power),
                         .before = "off",
                         .wanted = "running",
                         .why = "Only a machine that runs can be provisioned."});
        machine[std::string(eflow_key::power)] = std::string("running");
    }
    steps.push_back({.resource = eflow(),
                     .property = std::string(eflow_key::provisioning),
                     .before = is.empty() ? "none" : is,
                     .wanted = type,
                     .undo = Undo::keep,
                     .why = "The lab file asks for it; EFLOW has no way to undo it."});
}

}  // namespace

std::string to_string(const EflowGpu& gpu) {
    return gpu.type.empty() ? "none" : fmt::format("{}:{}:{}", gpu.type, gpu.count, gpu.name);
}

EflowGpu parse_eflow_gpu(std::string_view text) {
    const std::size_t first = text.find(':');
    const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return {};
    return {.type = std::string(text.substr(0, first)),
            .count = std::string(text.substr(first + 1, second - first - 1)),
            .name = std::string(text.substr(second + 1))};
}

bool has_card_in_eflow(const HostFacts& facts, const std::string& gpu, EflowPassthrough how) {
    const auto machine = facts.find(eflow());
    const auto card = find_card(facts, gpu);
    if (machine == facts.end() || !card) return false;
    const EflowGpu has = parse_eflow_gpu(shown_fact(machine->second, eflow_key::gpu));
    return has.type == type_of(how) && has.name == shown_fact(facts.at(*card), device_key::name);
}

Result<std::vector<Step>> eflow_steps(const HostFacts& facts, const HypervDemand& demand, EflowPassthrough how,
                                      const EflowSettings& settings, const std::string& container_image) {
    PASSBENCH_TRY(const std::string card, find_card(facts, demand.gpu));
    const auto machine = facts.find(eflow());
    const bool is_there = machine != facts.end() && shown_fact(machine->second, eflow_key::deployment) == "deployed";
    if (!is_there && !settings.deploy) return fail(not_deployed());
    HostFacts after = is_there ? facts : with_machine(facts, settings);
    std::vector<Step> steps;
    if (!is_there) steps.push_back(deployment());
    if (settings.provisioning) add_provisioning(steps, after[eflow()], settings.provisioning->type);
    StepList config(after);
    add_config(
        config, demand,
        to_string(
            {.type = std::string(type_of(how)), .count = "1", .name = shown_fact(facts.at(card), device_key::name)}));
    const bool ran_before = is_there && shown_fact(machine->second, eflow_key::power) == "running";
    if (ran_before && !config.empty() && !demand.may_stop_vm) return fail(runs());
    std::vector<Step> own = around_power(
        std::move(config),
        {.guest = eflow(), .property = eflow_key::power, .why_off = "Its settings are changed while it is off."});
    std::move(own.begin(), own.end(), std::back_inserter(steps));
    if (!container_image.empty()) {
        StepList last(after);
        last.add(eflow(), eflow_key::container, container_image, "The agent runs in it.");
        std::vector<Step> container = last.take();
        std::move(container.begin(), container.end(), std::back_inserter(steps));
    }
    return steps;
}

}  // namespace passbench
