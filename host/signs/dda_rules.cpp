// Signs of failures of DDA (facts 2.8 and 6.2).
#include "host/signs/rule.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

std::optional<std::string> is_held_by_other_vm(const State& state) {
    const auto now = fact_text(state.facts(Of::gpu), device_key::state).value_or("");
    const auto wanted = fact_text(state.facts(Of::wanted_gpu), device_key::state).value_or("");
    if (!now.starts_with(device_state::vm_prefix) || !wanted.starts_with(device_state::vm_prefix) || now == wanted) {
        return std::nullopt;
    }
    return "gpu state = " + now + ", wanted " + wanted;
}

constexpr StateCondition is_in_a_vm = {Of::gpu, device_key::state, Is::beginning, device_state::vm_prefix};
constexpr StateCondition is_dda = {Of::arm, "method", Is::containing, "dda"};

}  // namespace

std::vector<Rule> dda_rules() {
    return {
        {.row = "D1",
         .finding = "dda.no_mitigation_driver",
         .hears = Hears::host,
         .words = {"manufacturer of this device has not supplied any directives"}},
        {.row = "D2",
         .finding = "dda.no_osc",
         .hears = Hears::host,
         .words = {"does not allow for OS control of the PCI Express bus"}},
        {.row = "D2", .finding = "dda.no_osc", .state = {is_dda, {Of::gpu, device_key::device_type, Is::equal, "5"}}},
        {.row = "D3",
         .finding = "dda.hypervisor_refuses",
         .hears = Hears::host,
         .words = {"A hypervisor feature is not available to the user"}},
        {.row = "D3", .finding = "dda.hypervisor_refuses", .hears = Hears::host, .code = "0xC035001E"},
        {.row = "D4",
         .finding = "dda.element_not_found",
         .hears = Hears::host,
         .words = {"Element not found"},
         .doing = Doing::starting},
        {.row = "D5",
         .finding = "dda.mmio_too_small",
         .hears = Hears::kernel,
         .words = {"Need 0x", "of high MMIO space"}},
        {.row = "D5", .finding = "dda.mmio_too_small", .state = {{Of::guest, guest_key::problem, Is::equal, "12"}}},
        // The gap again, or the firmware: where the kernel also says what it needs, it is the gap.
        {.row = "D6",
         .finding = "dda.bar_unassigned",
         .hears = Hears::kernel,
         .words = {"NVRM: This PCI I/O region assigned to your NVIDIA device is invalid"},
         .yields_to = {"dda.mmio_too_small"}},
        {.row = "D7",
         .finding = "dda.not_dismounted",
         .hears = Hears::host,
         .words = {"The specified device '", "' was not found on server"},
         .yields_to = {"dda.held_by_other_vm"}},
        {.row = "D8",
         .finding = "dda.not_reset",
         .hears = Hears::guest,
         .words = {"No devices were found"},
         .state = {{Of::guest, guest_key::dxg, Is::unless, "true"}},
         .yields_to = {"dda.mmio_too_small", "dda.bar_unassigned", "dda.module_unsigned", "gpu.other_driver"}},
        {.row = "D8",
         .finding = "dda.not_reset",
         .hears = Hears::kernel,
         .words = {"RmInitAdapter failed"},
         .yields_to = {"dda.mmio_too_small", "dda.bar_unassigned"}},
        {.row = "D9", .finding = "dda.guest_code_43", .state = {{Of::guest, guest_key::problem, Is::equal, "43"}}},
        {.row = "D10",
         .finding = "dda.host_crash",
         .hears = Hears::host,
         .code = "Kernel-Power/41",
         .state = {is_in_a_vm, {Of::gpu, device_key::mitigation, Is::unless, "true"}}},
        {.row = "D11",
         .finding = "dda.still_assigned",
         .hears = Hears::host,
         .doing = Doing::mounting,
         .state = {is_in_a_vm},
         .worth = Worth::fallback},
        {.row = "D12",
         .finding = "dda.late_enable",
         .state = {{Of::wanted_gpu, device_key::state, Is::equal, device_state::host},
                   {Of::gpu, device_key::problem, Is::equal, "22"}}},
        {.row = "D13",
         .finding = "gpu.other_driver",
         .state = {{Of::guest, guest_key::nvidia_function, Is::equal, "true"},
                   {Of::guest, guest_key::nouveau, Is::equal, "true"}}},
        {.row = "D14",
         .finding = "dda.module_unsigned",
         .hears = Hears::kernel,
         .words = {"nvidia", "Key was rejected by service"}},
        {.row = "D14",
         .finding = "dda.module_unsigned",
         .hears = Hears::guest,
         .words = {"nvidia", "Key was rejected by service"}},
        {.row = "D15",
         .finding = "dda.save_refused",
         .hears = Hears::host,
         .doing = Doing::saving,
         .state = {is_in_a_vm},
         .worth = Worth::fallback},
        {.row = "D16",
         .finding = "dda.survey_of_disabled",
         .hears = Hears::host,
         .words = {"Device is Disabled, unable to check resource requirements"}},
        {.row = "D17",
         .finding = "dda.late_device",
         .state = {is_dda, {Of::guest, guest_key::appeared_s, Is::at_least, "2"}}},
        {.row = "D18",
         .finding = "dda.held_by_other_vm",
         .comparison = {is_held_by_other_vm, "the card is assigned to another VM than it was wanted for"}},
    };
}

}  // namespace passbench
