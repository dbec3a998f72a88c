#include "host/simulated/guest_view.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

constexpr std::int64_t gib = std::int64_t{1} << 30;
constexpr std::int64_t pv_low_mmio = gib;       // facts 3.3, P12
constexpr std::int64_t pv_high_mmio = 8 * gib;  // facts 3.3

/// Facts 2.6: the window is aligned to the largest power of two in it, so a gap that is exactly the ranges' sum does not do.
bool has_room(const Facts& vm, const Facts& card) {
    const auto above = fact_int(card, device_key::mmio64_bytes).value_or(0);
    const auto needed = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(above > 0 ? above : 1)));
    return above == 0 || fact_int(vm, vm_key::high_mmio).value_or(0) >= needed;
}

void add_pci(GuestView& view, const std::string& address, std::string_view key, const std::string& value) {
    view.files[fmt::format("sys/bus/pci/devices/{}/{}", address, key)] = value + "\n";
}

void add_nvidia_card(GuestView& view, const Facts& card) {
    const std::string address = "48e0:00:00.0";  // facts 4.1: a domain of its own
    const std::string subsystem = shown_fact(card, device_key::subsystem);
    add_pci(view, address, "vendor", "0x" + shown_fact(card, device_key::vendor));
    add_pci(view, address, "device", "0x" + shown_fact(card, device_key::device));
    constexpr std::size_t id_digits = 4;
    if (subsystem.size() == 2 * id_digits) {
        add_pci(view, address, "subsystem_device", "0x" + subsystem.substr(0, id_digits));
        add_pci(view, address, "subsystem_vendor", "0x" + subsystem.substr(id_digits));
    }
    add_pci(view, address, "class", "0x030200");
    view.files[fmt::format("sys/bus/pci/devices/{}/driver", address)] = "-> ../../../../bus/pci/drivers/nvidia";
}

void add_nvidia_driver(GuestView& view) {
    view.files["dev/nvidia0"] = "";
    view.files["dev/nvidiactl"] = "";
    view.files["proc/driver/nvidia/version"] = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06\n";
}

void add_whole_card(GuestView& view, const Facts& vm, const Facts& card) {
    if (!has_room(vm, card)) {
        view.kernel_log.push_back(
            fmt::format("hv_pci 00000000-0000-0000-0000-000000000000: Need {:#x} of high MMIO space. Consider "
                        "reconfiguring the VM.",
                        fact_int(card, device_key::mmio64_bytes).value_or(0)));
        return;
    }
    add_nvidia_card(view, card);
    add_nvidia_driver(view);
}

void add_render_device(GuestView& view) {
    add_pci(view, "cbd6:00:00.0", "vendor", "0x1414");
    add_pci(view, "cbd6:00:00.0", "device", "0x008e");
    add_pci(view, "cbd6:00:00.0", "class", "0x030200");
    view.files["dev/dxg"] = "";
}

void add_shared_card(GuestView& view, const Facts& vm) {
    if (fact_bool(vm, vm_key::secure_boot).value_or(false)) {
        view.kernel_log.emplace_back("Loading of module with unavailable key is rejected: dxgkrnl");
        return;
    }
    if (fact_int(vm, vm_key::low_mmio).value_or(0) < pv_low_mmio ||
        fact_int(vm, vm_key::high_mmio).value_or(0) < pv_high_mmio) {
        view.kernel_log.emplace_back("misc dxg: dxgk: dxgglobal_getiospace: Unable to allocate mmio memory: -6");
        return;
    }
    add_render_device(view);
}

/// Facts 3.7: the whole driver store and WSL's libraries are mounted; 4.2: of cards in driver model WDDM whose driver has CUDA for it.
GuestView wsl_view(const SimulatedState& state) {
    GuestView view;
    const auto vm = state.started.find(std::string(wsl_resource));
    if (vm == state.started.end()) return view;
    view.files["proc/sys/kernel/osrelease"] = "5.15.153.1-microsoft-standard-WSL2\n";
    view.files["sys/bus/vmbus/hibernation"] = "0\n";
    view.files["proc/mounts"] = "/dev/sdc / ext4 rw,relatime 0 0\n";
    if (shown_fact(vm->second, wsl_key::gpu_support) == "false") return view;
    const bool shares_one = std::any_of(state.facts.begin(), state.facts.end(), [](const auto& resource) {
        const auto& [device, card] = resource;
        return device.starts_with(gpu_prefix) && fact_bool(card, device_key::driver_wsl).value_or(false) &&
               shown_fact(card, device_key::state) == device_state::host;
    });
    if (!shares_one) return view;
    add_render_device(view);
    view.files["proc/mounts"] +=
        "none /usr/lib/wsl/drivers 9p ro,nosuid,nodev,noatime 0 0\nnone /usr/lib/wsl/lib overlay rw,relatime 0 0\n";
    view.files["usr/lib/wsl/lib/libcuda.so.1"] = "";
    return view;
}

/// Facts 1.4, 1.5; a change of its configuration shows after its next start, which the facts leave open.
GuestView eflow_view(const SimulatedState& state) {
    GuestView view;
    const auto vm = state.started.find(std::string(eflow_resource));
    if (vm == state.started.end()) return view;
    view.files["sys/bus/vmbus/hibernation"] = "0\n";
    const bool is_in_container = state.facts.at(std::string(eflow_resource)).contains(eflow_key::container);
    view.files["etc/os-release"] = is_in_container ? "ID=ubuntu\n" : "ID=azurelinux\nVERSION_ID=\"3.0\"\n";
    view.files["proc/mounts"] =
        is_in_container ? "overlay / overlay rw,relatime 0 0\n" : "/dev/root / ext4 ro,relatime 0 0\n";
    const std::string gpu = shown_fact(vm->second, eflow_key::gpu);
    if (gpu.starts_with("ParaVirtualization")) add_render_device(view);
    if (!gpu.starts_with("DirectDeviceAssignment")) return view;
    const auto host = state.facts.find(std::string(host_resource));
    const bool is_broken = shown_fact(host->second, host_key::eflow_version).starts_with("1.3.1.");  // E1
    for (const auto& [device, card] : state.facts) {
        if (device.starts_with(gpu_prefix) && gpu.ends_with(":" + shown_fact(card, device_key::name))) {
            add_nvidia_card(view, card);
        }
    }
    if (!is_broken) add_nvidia_driver(view);
    return view;
}

GuestView vm_view(const SimulatedState& state, const std::string& vm) {
    GuestView view;
    const auto found = state.facts.find(vm);
    if (found == state.facts.end() || shown_fact(found->second, vm_key::state) != "running") return view;
    view.files["sys/bus/vmbus/hibernation"] = "0\n";
    view.files["sys/class/dmi/id/sys_vendor"] = "Microsoft Corporation\n";
    view.files["sys/class/dmi/id/product_name"] = "Virtual Machine\n";
    for (const auto& [device, facts] : state.facts) {
        if (device.starts_with(gpu_prefix) && shown_fact(facts, device_key::state) == state_in_vm(vm_name(vm))) {
            add_whole_card(view, found->second, facts);
        }
    }
    const std::string path = shown_fact(found->second, vm_key::gpu_partition);
    if (!path.empty() && path != "none") add_shared_card(view, found->second);
    return view;
}

}  // namespace

GuestView guest_view(const SimulatedState& state, const std::string& guest) {
    if (guest == eflow_resource) return eflow_view(state);
    if (!is_distribution(guest)) return vm_view(state, guest);
    const auto found = state.facts.find(guest);
    const bool runs = found != state.facts.end() && shown_fact(found->second, distribution_key::state) == "running";
    return runs ? wsl_view(state) : GuestView();
}

}  // namespace passbench
