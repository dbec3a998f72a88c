#include "host/providers/tests/hyperv_example.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "host/carriers/child_process_carrier.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::tests {

HostFacts example_host() {
    constexpr std::int64_t mib = std::int64_t{1} << 20;
    constexpr std::int64_t gib = std::int64_t{1} << 30;
    HostFacts facts;
    facts["host"] = {{"os.product_type", std::int64_t{3}},
                     {"os.caption", std::string("Microsoft Windows Server 2025 Datacenter")},
                     {"os.build", std::int64_t{26100}},
                     {"computer.model", std::string("Lab Server")},
                     {"hypervisor.present", true},
                     {"hypervisor.nested", false},
                     {"elevated", true},
                     {"feature.hyperv", true},
                     {"feature.hyperv_powershell", true},
                     {"feature.vm_platform", true},
                     {"service.hvhost", std::string("running")},
                     {"service.vmcompute", std::string("running")},
                     {"service.vmms", std::string("running")},
                     {"iov.support", true},
                     {"cpu.physical_address_bits", std::int64_t{46}},
                     {"memory_bytes", 128 * gib}};
    facts["registry"] = {{"RequireSecureDeviceAssignment", std::string("absent")},
                         {"RequireSupportedDeviceAssignment", std::string("absent")}};
    facts[example_card] = {
        {"name", std::string("NVIDIA RTX A2000")},
        {"state", std::string("host")},
        {"instance_id", std::string("PCI\\VEN_10DE&DEV_2531&SUBSYS_151D103C&REV_A1\\4&1A2B3C4D&0&0018")},
        {"vendor_id", std::string("10de")},
        {"device_id", std::string("2531")},
        {"subsystem_id", std::string("151d103c")},
        {"revision", std::string("a1")},
        {"base_class", std::int64_t{3}},
        {"problem_code", std::int64_t{0}},
        {"driver.version", std::string("32.0.15.8088")},
        {"driver.wsl_cuda", true},
        {"driver.model", std::string("WDDM")},
        {"display.attached", false},
        {"pci.acs_up_hierarchy", std::int64_t{1}},
        {"pci.reserved_memory_region", false},
        {"driver.mitigation", false},
        {"display.boot", false},
        {"vram_bytes", 6 * gib},
        {"mmio.below_4g_bytes", 16 * mib},
        {"mmio.above_4g_bytes", 8 * gib + 32 * mib},
        {"pci.device_type", std::int64_t{2}},
        {"pci.interrupts", std::string("message")},
        {"partitionable_path", std::string("\\\\?\\PCI#VEN_10DE&DEV_2531&SUBSYS_151D103C&REV_A1#4&1A2B3C4D&0&0018#"
                                           "{064092b3-625e-43bf-9eb5-dc845897dd59}\\GPUPARAV")}};
    facts[example_sound] = {
        {"name", std::string("High Definition Audio Controller")},
        {"state", std::string("host")},
        {"instance_id", std::string("PCI\\VEN_10DE&DEV_228E&SUBSYS_151D103C&REV_A1\\4&1A2B3C4D&0&0118")},
        {"vendor_id", std::string("10de")},
        {"device_id", std::string("228e")},
        {"subsystem_id", std::string("151d103c")},
        {"revision", std::string("a1")},
        {"base_class", std::int64_t{4}},
        {"problem_code", std::int64_t{0}},
        {"driver.version", std::string("10.0.26100.1")},
        {"driver.mitigation", false},
        {"card", location_of(example_card)}};
    const Facts vm = {{"generation", std::int64_t{2}},
                      {"config_version", std::string("12.0")},
                      {"checkpoints", std::int64_t{0}},
                      {"state", std::string("off")},
                      {"automatic_stop_action", std::string("Save")},
                      {"guest_controlled_cache_types", false},
                      {"low_mmio_bytes", 128 * mib},
                      {"high_mmio_bytes", 512 * mib},
                      {"high_mmio_base_bytes", 64 * gib - 512 * mib},
                      {"dynamic_memory", true},
                      {"memory_bytes", 4 * gib},
                      {"processors", std::int64_t{2}},
                      {"checkpoint_type", std::string("Production")},
                      {"secure_boot", true},
                      {"gpu_partition", std::string("none")}};
    facts["vm/other"] = vm;
    facts[example_vm] = vm;
    facts[example_vm]["state"] = std::string("running");
    return facts;
}

namespace {

void make_desktop(Facts& host) {
    host["os.product_type"] = std::int64_t{1};
    host["os.caption"] = std::string("Microsoft Windows 11 Pro");
    host["os.edition"] = std::string("Professional");
    host["os.build"] = std::int64_t{22631};
}

void add_wsl(HostFacts& facts) {
    facts["host"]["wsl.version"] = std::string("2.1.5");
    facts["wsl"] = {{"config.gpu_support", std::string("false")},
                    {"config.memory", std::string("8GB")},
                    {"config.processors", std::string("absent")}};
    facts[example_distribution] = {{"version", std::int64_t{2}}, {"default", true}, {"state", std::string("running")}};
    facts["wsl/Debian"] = {{"version", std::int64_t{2}}, {"default", false}, {"state", std::string("running")}};
}

void add_eflow(HostFacts& facts) {
    Facts& host = facts["host"];
    host["eflow.version"] = std::string("1.5.7.1");
    host["hns.version"] = std::string("15.2");
    host["openssh.version"] = std::string("8.6");
    host["service.wssdagent"] = std::string("running");
    facts["eflow"] = {{"deployment", std::string("deployed")},
                      {"power", std::string("running")},
                      {"config.cpu_count", std::int64_t{2}},
                      {"config.memory_mb", std::int64_t{4096}},
                      {"config.gpu", std::string("none")}};
}

void make_t4(Facts& card) {
    card["name"] = std::string("NVIDIA Tesla T4");
    card["instance_id"] = std::string("PCI\\VEN_10DE&DEV_1EB8&SUBSYS_12A210DE&REV_A1\\4&1A2B3C4D&0&0018");
    card["device_id"] = std::string("1eb8");
    card["subsystem_id"] = std::string("12a210de");
}

}  // namespace

HostFacts example_host(HypervMethod method) {
    HostFacts facts = example_host();
    if (method == HypervMethod::dda || method == HypervMethod::gpupv) return facts;
    make_desktop(facts["host"]);
    if (method == HypervMethod::wsl) add_wsl(facts);
    if (is_of_eflow(method)) add_eflow(facts);
    if (method == HypervMethod::eflow_dda) make_t4(facts[example_card]);
    return facts;
}

ExampleGuest example_guest(HypervMethod method) {
    switch (method) {
        case HypervMethod::dda:
            return {.resource = example_vm, .property = "state", .off = "off", .device = "dev/nvidia0"};
        case HypervMethod::wsl:
            return {.resource = example_distribution, .property = "state", .off = "stopped", .device = "dev/dxg"};
        case HypervMethod::eflow_dda:
            return {.resource = "eflow", .property = "power", .off = "off", .device = "dev/nvidia0"};
        case HypervMethod::eflow_gpupv:
            return {.resource = "eflow", .property = "power", .off = "off", .device = "dev/dxg"};
        case HypervMethod::gpupv:
        case HypervMethod::native_windows:
            break;
    }
    return {.resource = example_vm, .property = "state", .off = "off", .device = "dev/dxg"};
}

HypervExample::HypervExample(std::filesystem::path folder, HypervMethod method) : method_(method) {
    const auto file = folder / "host.json";
    auto opened = SimulatedHost::open(file);
    if (!opened) {
        SimulatedState state;
        state.facts = example_host(method);
        for (const auto& [resource, unused] : state.facts) note_power(state, resource);
        opened = SimulatedHost::create(file, std::move(state));
    }
    host = std::make_shared<SimulatedHost>(*std::move(opened));
}

std::unique_ptr<HypervProvider> HypervExample::provider() {
    return std::make_unique<HypervProvider>(
        HypervLease{.method = method_,
                    .vm = method_ == HypervMethod::wsl ? distribution_name(example_distribution) : vm_name(example_vm),
                    .fixture = "",
                    .force = ForcedDismount::consented},
        host, host->clock(),
        GuestAccess{.carrier = [](const std::string&) { return std::make_unique<ChildProcessCarrier>(); },
                    .chosen_agent = [](const std::string&) { return Result<std::string>("/bin/true"); },
                    .stand_in_driver = [](const std::string&) { return Result<std::string>("/bin/true"); }});
}

LeaseRequest HypervExample::request() const {
    LeaseRequest request;
    request.arm = "guest";
    request.binding.provider = std::string(to_string(method_));
    request.binding.may_stop_vm = true;
    request.consent = {.nvidia_eula = true, .force_dismount = true};
    request.machine.gpu = method_ == HypervMethod::eflow_dda ? "T4" : "RTX A2000";
    request.machine.vcpus = 8;
    request.machine.memory_bytes = std::int64_t{16} << 30;
    return request;
}

HostFacts HypervExample::survey() {
    const auto facts = provider()->survey();
    EXPECT_TRUE(facts) << to_text(facts.error());
    return facts.value_or(HostFacts());
}

std::vector<Step> HypervExample::steps() {
    const auto steps = provider()->steps(survey(), request());
    EXPECT_TRUE(steps) << to_text(steps.error());
    return steps.value_or(std::vector<Step>());
}

}  // namespace passbench::tests
