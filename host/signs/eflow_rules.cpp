// Signs of failures of EFLOW (facts 1.6 and 6.1).
#include "host/signs/rule.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

/// Set-EflowVM sets back what a call leaves out.
std::optional<std::string> has_other_settings(const State& state) {
    const Facts& now = state.facts(Of::eflow);
    for (const auto& [key, wanted] : state.facts(Of::wanted_eflow)) {
        const auto found = now.find(key);
        if (!key.starts_with(eflow_key::config_prefix) || found == now.end() || found->second == wanted) continue;
        return "eflow " + key + " = " + to_string(found->second) + ", wanted " + to_string(wanted);
    }
    return std::nullopt;
}

constexpr StateCondition is_eflow = {Of::arm, "method", Is::beginning, "eflow_"};
constexpr StateCondition stays_off = {Of::eflow, eflow_key::power, Is::equal, "off"};
constexpr StateCondition was_to_run = {Of::wanted_eflow, eflow_key::power, Is::equal, "running"};
constexpr StateCondition openssh_from_8_6 = {Of::host, host_key::openssh_version, Is::version_from, "8.6"};
constexpr StateCondition is_broken_release = {Of::host, host_key::eflow_version, Is::version, "1.3.1.02092"};

}  // namespace

std::vector<Rule> eflow_rules() {
    return {
        {.row = "E1",
         .finding = "eflow.broken_release",
         .hears = Hears::guest,
         .words = {"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver"},
         .state = {is_broken_release}},
        {.row = "E1",
         .finding = "eflow.broken_release",
         .state = {is_broken_release,
                   {Of::guest, guest_key::nvidia_function, Is::equal, "true"},
                   {Of::guest, guest_key::nvidia_node, Is::equal, "false"}}},
        {.row = "E2",
         .finding = "eflow.settings_reset",
         .comparison = {has_other_settings, "EFLOW's VM has another value of what Set-EflowVM was given"}},
        {.row = "E3", .finding = "eflow.unsupported_dda_card", .hears = Hears::host, .words = {"Unsupported DDA Type"}},
        {.row = "E4",
         .finding = "eflow.gpupv_on_server",
         .hears = Hears::host,
         .words = {"GPU PassthroughType '", "not supported by", "WssdProvider"}},
        {.row = "E4",
         .finding = "eflow.gpupv_on_server",
         .state = {{Of::arm, "method", Is::equal, "eflow_gpupv"}, {Of::host, host_key::product_type, Is::other, "1"}}},
        {.row = "E5", .finding = "eflow.gpu_not_found", .hears = Hears::host, .words = {"GPU '", "' not available"}},
        {.row = "E6",
         .finding = "eflow.agent_unreachable",
         .hears = Hears::host,
         .words = {"Virtual machine name could not be retrieved from wssdagent"}},
        {.row = "E6", .finding = "eflow.agent_unreachable", .hears = Hears::host, .words = {"nodectl", "Not Found"}},
        {.row = "E6",
         .finding = "eflow.agent_unreachable",
         .state = {is_eflow, {Of::host, "service.wssdagent", Is::equal, "stopped"}}},
        {.row = "E7",
         .finding = "eflow.invalid_vm_document",
         .hears = Hears::host,
         .words = {"Unable to Start HCS VM", "The data is invalid"}},
        {.row = "E8",
         .finding = "eflow.network_port_refused",
         .hears = Hears::host,
         .words = {"failed to add", "'Synthetic Ethernet Port'"}},
        {.row = "E9",
         .finding = "eflow.stale_install",
         .before = Before::installed_anew,
         .state = {stays_off, was_to_run}},
        {.row = "E10",
         .finding = "eflow.not_started",
         .before = Before::host_restarted,
         .state = {stays_off, was_to_run}},
        {.row = "E11",
         .finding = "eflow.restarted_inside",
         .before = Before::guest_restarted,
         .state = {stays_off, was_to_run}},
        {.row = "E12",
         .finding = "eflow.openssh_too_new",
         .hears = Hears::host,
         .doing = Doing::copying,
         .state = {openssh_from_8_6},
         .worth = Worth::fallback},
        {.row = "E12",
         .finding = "eflow.openssh_too_new",
         .hears = Hears::host,
         .doing = Doing::provisioning,
         .state = {openssh_from_8_6, {Of::wanted_eflow, eflow_key::provisioning, Is::containing, "X509"}},
         .worth = Worth::fallback},
        {.row = "E13",
         .finding = "container.cuda_requirement",
         .hears = Hears::guest,
         .words = {"requirement error: unsatisfied condition: cuda>="}},
        {.row = "E14",
         .finding = "eflow.memory_too_small",
         .hears = Hears::kernel,
         .words = {"Out of memory"},
         .state = {{Of::eflow, eflow_key::memory_mb, Is::at_most, "8191"}}},
        {.row = "E15",
         .finding = "container.dxg_not_mapped",
         .state = {{Of::guest, guest_key::dxg, Is::equal, "true"},
                   {Of::guest, guest_key::container_dxg, Is::equal, "false"}}},
        {.row = "E16",
         .finding = "eflow.nested_host",
         .state = {is_eflow,
                   {Of::host, host_key::hypervisor_present, Is::equal, "true"},
                   {Of::host, host_key::model, Is::equal, "Virtual Machine"}}},
        {.row = "E17",
         .finding = "eflow.hns_too_old",
         .hears = Hears::host,
         .words = {"HNS API version", "doesn't meet minimum version"}},
        {.row = "E17",
         .finding = "eflow.hns_too_old",
         .state = {is_eflow, {Of::host, host_key::hns_version, Is::version_below, "9.2"}}},
    };
}

}  // namespace passbench
