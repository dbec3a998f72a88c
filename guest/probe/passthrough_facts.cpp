// By which way a card came into this machine: the classifier for guests (device files, PCI vendor, VMBus, CPUID), and what tells
// WSL2 and EFLOW from a plain Hyper-V guest.
#include <algorithm>
#include <array>
#include <cpuid.h>
#include <cstring>
#include <string_view>

#include "guest/probe/fact_groups.hpp"
#include "guest/probe/passthrough.hpp"

namespace passbench {
namespace {

constexpr std::string_view hyperv_signature = "Microsoft Hv";

bool is_wsl(const MachineFiles& files) {
    return files.line("proc/sys/kernel/osrelease").value_or("").find("microsoft-standard-WSL") != std::string::npos;
}

/// EFLOW's guest is CBL-Mariner (since 2023 Azure Linux) whose root cannot be written.
bool is_eflow(const MachineFiles& files) {
    constexpr std::array<std::string_view, 2> systems = {"mariner", "azurelinux"};
    std::string id = value_of(files.text("etc/os-release"), "ID", '=').value_or("");
    std::erase(id, '"');
    if (std::find(systems.begin(), systems.end(), id) == systems.end()) return false;
    const std::string mounts = files.text("proc/mounts");
    const std::size_t root = mounts.find(" / ");
    if (root == std::string::npos) return false;
    const std::string line = mounts.substr(root, mounts.find('\n', root) - root);  // " / ext4 ro,relatime 0 0"
    return line.find(" ro,") != std::string::npos || line.find(" ro ") != std::string::npos;
}

bool is_windows(const MachineFiles& files) { return value_of(files.text("etc/os-release"), "ID", '=') == "windows"; }

}  // namespace

std::string hypervisor_signature() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    constexpr unsigned hypervisor_present = 1U << 31U;  // CPUID.1:ECX, always 0 on bare metal
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & hypervisor_present) == 0) return {};
    __cpuid(0x40000000U, eax, ebx, ecx, edx);
    const std::array<unsigned, 3> words = {ebx, ecx, edx};
    std::string signature(sizeof words, '\0');
    std::memcpy(signature.data(), words.data(), sizeof words);
    return signature.substr(0, signature.find('\0'));
}

std::string passthrough_of(const MachineFiles& files, std::string_view signature) {
    const bool paravirtual = files.exists("dev/dxg");
    const bool on_bus = has_nvidia_card(files);
    const bool hyperv = signature == hyperv_signature || files.exists("sys/bus/vmbus");
    if (is_windows(files)) {
        // Where Hyper-V is on, Windows itself runs above it, in the partition that makes the others.
        // In a guest nothing that is looked at tells a card that it has from one that it shares.
        return signature.empty() || files.exists(root_partition_file) ? "native" : "unknown";
    }
    if (paravirtual && on_bus) return "mixed";
    if (paravirtual && is_wsl(files)) return "wsl";
    if (paravirtual) return is_eflow(files) ? "eflow_gpupv" : "gpupv";
    if (!on_bus) return "none";
    if (hyperv) return is_eflow(files) ? "eflow_dda" : "dda";
    return signature.empty() ? "native" : "vfio";
}

Facts passthrough_context(const Machine& machine) {
    Facts facts = {{"gpu.passthrough", passthrough_of(machine.files, machine.hypervisor_signature)}};
    if (!is_wsl(machine.files)) return facts;
    // A distribution starts without them too; its card does not work then.
    const std::string mounts = machine.files.text("proc/mounts");
    facts["wsl.lib_mounted"] = mounts.find(" /usr/lib/wsl/lib ") != std::string::npos;
    facts["wsl.drivers_mounted"] = mounts.find(" /usr/lib/wsl/drivers ") != std::string::npos;
    facts["wsl.lib_files"] = static_cast<std::int64_t>(machine.files.names("usr/lib/wsl/lib").size());
    return facts;
}

}  // namespace passbench
