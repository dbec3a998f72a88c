// Kernel, distribution, clock, hypervisor, container and build: recorded, compared, warned about (R14.3).
#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include "guest/probe/build_info.hpp"
#include "guest/probe/fact_groups.hpp"

namespace passbench {
namespace {

/// Vendor signatures of CPUID leaf 0x40000000, as each hypervisor documents its own.
std::string hypervisor_vendor(const Machine& machine) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known = {{
        {"Microsoft Hv", "Hyper-V"},
        {"KVMKVMKVM", "KVM"},
        {"Linux KVM Hv", "KVM with Hyper-V enlightenments"},
        {"VMwareVMware", "VMware"},
        {"XenVMMXenVMM", "Xen"},
        {"ACRNACRNACRN", "ACRN"},
        {"TCGTCGTCGTCG", "QEMU without KVM"},
    }};
    const std::string signature = printable(machine.hypervisor_signature, 12);
    for (const auto& [text, name] : known) {
        if (signature == text) return std::string(name);
    }
    return signature.empty() ? "none" : "unknown (" + signature + ")";
}

std::string machine_product(const MachineFiles& files) {
    const std::string vendor = files.line("sys/class/dmi/id/sys_vendor").value_or("");
    const std::string product = files.line("sys/class/dmi/id/product_name").value_or("");
    return printable(vendor + " " + product, 256);
}

std::string container(const MachineFiles& files) {
    if (const auto manager = files.line("run/systemd/container")) return *manager;
    if (files.exists(".dockerenv")) return "docker";
    if (files.exists("run/.containerenv")) return "podman";
    const std::string groups = files.text("proc/1/cgroup");
    for (const std::string_view name : {"kubepods", "docker", "lxc"}) {
        if (groups.find(name) != std::string::npos) return std::string(name);
    }
    return "none";
}

std::string iommu(const MachineFiles& files) {
    const std::size_t units = files.names("sys/class/iommu").size();
    return units == 0 ? "none" : std::to_string(units) + " units";
}

/// What the kernel reads of its command line, but for the words that say where the system boots from: they are no property of
/// the machine that is measured, differ between disks, and may hold names that are nobody's business. Behind " -- " stand the
/// arguments of init.
std::string kernel_command_line(const MachineFiles& files) {
    constexpr std::array<std::string_view, 9> left_out = {
        "BOOT_IMAGE=", "root=", "initrd=", "init=", "rdinit=", "resume=", "rd.luks", "cryptroot", "ds="};
    const std::string line = files.line("proc/cmdline").value_or("");
    std::istringstream words(line.substr(0, line.find(" -- ")));
    std::string kept;
    for (std::string word; words >> word;) {
        const bool left = std::any_of(left_out.begin(), left_out.end(),
                                      [&word](std::string_view start) { return word.starts_with(start); });
        if (!left) kept.append(kept.empty() ? "" : " ").append(word);
    }
    return kept;
}

std::string operating_system(const MachineFiles& files) {
    std::string name = value_of(files.text("etc/os-release"), "PRETTY_NAME", '=').value_or("");
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return name;
}

}  // namespace

Facts system_context(const Machine& machine) {
    const MachineFiles& files = machine.files;
    Facts facts;
    const auto put = [&facts](std::string_view key, std::string value) {
        if (!value.empty()) facts[std::string(key)] = std::move(value);
    };
    put("kernel.release", files.line("proc/sys/kernel/osrelease").value_or(""));
    put("kernel.version", files.line("proc/sys/kernel/version").value_or(""));
    put("kernel.command_line", kernel_command_line(files));
    put("os", operating_system(files));
    put("clocksource", files.line("sys/devices/system/clocksource/clocksource0/current_clocksource").value_or(""));
    put("clocksource.available",
        files.line("sys/devices/system/clocksource/clocksource0/available_clocksource").value_or(""));
    put("hypervisor", hypervisor_vendor(machine));
    put("machine.product", machine_product(files));
    put("machine.firmware", files.line("sys/class/dmi/id/bios_version").value_or(""));
    put("container", container(files));
    put("iommu", iommu(files));
    if (const auto aslr = files.number("proc/sys/kernel/randomize_va_space")) facts["kernel.aslr"] = *aslr;
    return facts;
}

Facts build_context() {
    const BuildInfo build = build_info();
    return {
        {"agent.version", std::string(build.version)}, {"agent.compiler", std::string(build.compiler)},
        {"agent.flags", std::string(build.flags)},     {"agent.build_type", std::string(build.build_type)},
        {"agent.libraries", build.libraries},
    };
}

}  // namespace passbench
