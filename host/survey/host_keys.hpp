// What a survey of a Windows host says, resource by resource: the names of host.json, which the PowerShell module writes, `doctor`
// shows, the table of methods is computed from, and steps are made of. Resources are "host", "registry", "gpu/LOCATION",
// "function/LOCATION" (other functions of a card: sound, USB), "vm/NAME", and, asked for by themselves, "wsl", "wsl/NAME" and "eflow". A key that a
// host cannot tell is absent, never a made-up value. Nothing here changes by itself: two surveys of a host at rest are equal.
#pragma once

#include <array>
#include <string_view>

namespace passbench {

inline constexpr std::string_view host_resource = "host";
inline constexpr std::string_view registry_resource = "registry";
inline constexpr std::string_view gpu_prefix = "gpu/";
inline constexpr std::string_view function_prefix = "function/";
inline constexpr std::string_view vm_prefix = "vm/";
inline constexpr std::string_view wsl_resource = "wsl";
inline constexpr std::string_view wsl_prefix = "wsl/";
inline constexpr std::string_view eflow_resource = "eflow";

/// Resource "host".
namespace host_key {
inline constexpr std::string_view product_type =
    "os.product_type";                                     // int, Win32_OperatingSystem: 1 workstation, 2 or 3 server
inline constexpr std::string_view caption = "os.caption";  // "Microsoft Windows Server 2019 Datacenter"
inline constexpr std::string_view edition =
    "os.edition";  // EditionID: ServerDatacenter, Professional, Enterprise, IoTEnterprise
inline constexpr std::string_view build = "os.build";  // int, 17763
inline constexpr std::string_view ubr = "os.ubr";      // int, the update build revision: winver shows build.ubr
inline constexpr std::string_view display_version = "os.display_version";  // "1809", "21H2"
inline constexpr std::string_view insider_channel = "os.insider_channel";  // "Dev", "Beta"; absent on released Windows
inline constexpr std::string_view model = "computer.model";  // "Virtual Machine" where the host is a guest itself
inline constexpr std::string_view hypervisor_present = "hypervisor.present";  // bool
inline constexpr std::string_view nested = "hypervisor.nested";               // bool: this host is a virtual machine
inline constexpr std::string_view iov_support = "iov.support";                // bool, (Get-VMHost).IovSupport
inline constexpr std::string_view iov_reasons = "iov.reasons";                // text, IovSupportReasons joined by "; "
inline constexpr std::string_view iommu_policy =
    "iommu.policy";  // text, bcdedit hypervisoriommupolicy: "default", "enable", "disable"
inline constexpr std::string_view address_bits = "cpu.physical_address_bits";  // int
inline constexpr std::string_view memory_bytes = "memory_bytes";               // int
inline constexpr std::string_view elevated = "elevated";                // bool: the interpreter runs as administrator
inline constexpr std::string_view hcs_schema = "hcs.schema";            // text, newest: "2.5"
inline constexpr std::string_view hns_version = "hns.version";          // text, "9.2"
inline constexpr std::string_view wsl_version = "wsl.version";          // text, absent without WSL
inline constexpr std::string_view eflow_version = "eflow.version";      // text, "1.5.21.8081", absent without EFLOW
inline constexpr std::string_view openssh_version = "openssh.version";  // text, "8.1"
inline constexpr std::string_view power_plan = "power.plan";            // text, "Balanced"
inline constexpr std::string_view hags = "gpu.hags";                    // text: "on", "off"
inline constexpr std::string_view fixture_origin =
    "fixture.origin";  // text, of a host that nobody surveyed: what it is made from; absent on real hosts
/// "service.vmms", "service.vmcompute", "service.hvhost", "service.wssdagent": "running", "stopped".
inline constexpr std::string_view service_prefix = "service.";
/// "feature.hyperv", "feature.hyperv_powershell", "feature.vm_platform", "feature.openssh_client": bool.
inline constexpr std::string_view feature_prefix = "feature.";
}  // namespace host_key

/// Resource "registry": the policy keys of GPU-PV, as text: "absent" or a decimal number. Set as steps.
namespace registry_key {
inline constexpr std::string_view require_secure = "RequireSecureDeviceAssignment";
inline constexpr std::string_view require_supported = "RequireSupportedDeviceAssignment";
inline constexpr std::string_view absent = "absent";
}  // namespace registry_key

/// Resources "gpu/LOCATION" and "function/LOCATION", where LOCATION is PCIROOT(0)#PCI(0300)#PCI(0000): it stays over reboots and while
/// a device is dismounted; the instance id does not.
namespace device_key {
inline constexpr std::string_view name = "name";    // "NVIDIA Tesla T4"
inline constexpr std::string_view state = "state";  // see device_state; set as steps
inline constexpr std::string_view instance_id =
    "instance_id";  // PCI\VEN_10DE&DEV_1EB8&SUBSYS_12A210DE&REV_A1\4&..., PCIP\... dismounted
inline constexpr std::string_view vendor = "vendor_id";        // text, lower case: "10de"
inline constexpr std::string_view device = "device_id";        // "1eb8"
inline constexpr std::string_view subsystem = "subsystem_id";  // "12a210de"
inline constexpr std::string_view revision = "revision";       // "a1"
inline constexpr std::string_view base_class = "base_class";   // int, 3 for a display controller
inline constexpr std::string_view problem = "problem_code";    // int, ConfigManagerErrorCode: 0 well, 22 disabled
inline constexpr std::string_view driver_version = "driver.version";  // text, absent without a driver
inline constexpr std::string_view driver_wsl = "driver.wsl_cuda";     // bool: the driver package carries CUDA for WSL
inline constexpr std::string_view driver_model = "driver.model";      // text: "WDDM", "TCC"
inline constexpr std::string_view mitigation =
    "driver.mitigation";  // bool: a mitigation (partitioning) INF is installed for it
inline constexpr std::string_view display_attached = "display.attached";  // bool
inline constexpr std::string_view boot_display = "display.boot";  // bool: the only display of this host hangs on it
inline constexpr std::string_view vram_bytes = "vram_bytes";      // int
inline constexpr std::string_view mmio32_bytes =
    "mmio.below_4g_bytes";  // int, the sum of the memory ranges below 4 GiB
inline constexpr std::string_view mmio64_bytes = "mmio.above_4g_bytes";  // int, the sum of the others
inline constexpr std::string_view partitionable =
    "partitionable_path";                         // text, Name of its Get-VMHostPartitionableGpu entry
inline constexpr std::string_view card = "card";  // of a function: the LOCATION of its GPU
/// What SurveyDDA.ps1 looks at (facts 2.7); absent where the device is disabled or dismounted.
inline constexpr std::string_view reserved_memory = "pci.reserved_memory_region";  // bool
inline constexpr std::string_view acs = "pci.acs_up_hierarchy";                    // int, 0 not supported .. 3
inline constexpr std::string_view device_type =
    "pci.device_type";  // int, 2 Express endpoint, 3 legacy, 4 embedded, 5 no OS control
inline constexpr std::string_view interrupts = "pci.interrupts";  // text: "message", "line", "none"
}  // namespace device_key

/// Values of device_key::state: where a PCI function is. "vm:NAME" where a guest has it.
namespace device_state {
inline constexpr std::string_view host = "host";              // enabled on the host
inline constexpr std::string_view disabled = "disabled";      // on the host, no driver works on it
inline constexpr std::string_view dismounted = "dismounted";  // taken from the host, given to nobody
inline constexpr std::string_view vm_prefix = "vm:";
}  // namespace device_state

/// Resource "vm/NAME". All but the first three are set as steps.
namespace vm_key {
inline constexpr std::string_view generation = "generation";                     // int
inline constexpr std::string_view config_version = "config_version";             // text, "9.0"
inline constexpr std::string_view checkpoints = "checkpoints";                   // int, how many it has
inline constexpr std::string_view state = "state";                               // "off", "running", "saved", "paused"
inline constexpr std::string_view stop_action = "automatic_stop_action";         // "TurnOff", "Save", "ShutDown"
inline constexpr std::string_view cache_types = "guest_controlled_cache_types";  // bool
inline constexpr std::string_view low_mmio = "low_mmio_bytes";                   // int
inline constexpr std::string_view high_mmio = "high_mmio_bytes";                 // int
inline constexpr std::string_view high_mmio_base = "high_mmio_base_bytes";       // int, not set by anybody here
inline constexpr std::string_view dynamic_memory = "dynamic_memory";             // bool
inline constexpr std::string_view memory_bytes = "memory_bytes";                 // int, at start
inline constexpr std::string_view processors = "processors";                     // int
inline constexpr std::string_view checkpoint_type =
    "checkpoint_type";  // "Disabled", "Standard", "Production", "ProductionOnly"
inline constexpr std::string_view secure_boot = "secure_boot";  // bool
inline constexpr std::string_view gpu_partition =
    "gpu_partition";  // the partitionable_path it has an adapter of, "none"
/// What Set-PassBenchVmSetting sets; power and the share of a card have functions of their own.
inline constexpr std::array settings = {stop_action,  cache_types, low_mmio,    high_mmio,      dynamic_memory,
                                        memory_bytes, processors,  secure_boot, checkpoint_type};
}  // namespace vm_key

/// Resource "wsl": what the user's .wslconfig has below [wsl2], as it stands there, "absent" where it does not. WSL reads it when its virtual
/// machine starts. Set as steps.
namespace wsl_key {
inline constexpr std::string_view processors = "config.processors";    // "8"
inline constexpr std::string_view memory = "config.memory";            // "16GB", "17179869184"
inline constexpr std::string_view gpu_support = "config.gpu_support";  // "false"
inline constexpr std::string_view absent = "absent";
inline constexpr std::array settings = {processors, memory, gpu_support};
}  // namespace wsl_key

/// Resource "wsl/NAME", a distribution. All distributions run in one virtual machine, which starts with the first of them.
namespace distribution_key {
inline constexpr std::string_view version = "version";     // int, of WSL: 1 has no virtual machine, 2 has
inline constexpr std::string_view is_default = "default";  // bool
inline constexpr std::string_view state = "state";         // "running", "stopped"; set as steps
}  // namespace distribution_key

/// Resource "eflow", where EFLOW is installed: its virtual machine. All but the first are absent while there is none. Set as steps.
namespace eflow_key {
inline constexpr std::string_view deployment = "deployment";  // "none", "deployed"
inline constexpr std::string_view power = "power";            // "running", "off"
/// (Get-EflowVm).VmConfiguration.
inline constexpr std::string_view config_prefix = "config.";
inline constexpr std::string_view cpu_count = "config.cpu_count";  // int
inline constexpr std::string_view memory_mb = "config.memory_mb";  // int
inline constexpr std::string_view gpu = "config.gpu";              // "DirectDeviceAssignment:1:NVIDIA A2", "none"
inline constexpr std::string_view provisioning =
    "provisioning_type";  // "ManualX509", as Provision-EflowVm takes it; "none"; asked of a machine that runs
inline constexpr std::string_view container = "container";  // the image of the container that the agent runs in; "none"
}  // namespace eflow_key

}  // namespace passbench
