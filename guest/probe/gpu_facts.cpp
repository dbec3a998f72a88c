// The card as the guest sees it: on the PCI bus (DDA, VFIO, native) or behind /dev/dxg (GPU-PV), its driver, or in one sentence
// why there is none and what to do. Needs no CUDA: it must say something useful exactly where CUDA does not load. Where it does
// load, the driver has the last word on whether the card works.
#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "guest/probe/fact_groups.hpp"
#include "harness/core/findings.hpp"
#include "kernels/cuda/device_files.hpp"

namespace passbench {
namespace {

constexpr std::string_view nvidia_vendor = "0x10de";
constexpr std::string_view display_class = "0x03";  // PCI base class of VGA and 3D controllers

struct Card {
    std::string slot;    // 0000:00:05.0
    std::string pci_id;  // 10de:1eb8 subsystem 10de:12a2
    std::string driver;  // nvidia, nouveau, vfio-pci or ""
};

std::string without_prefix(const std::optional<std::string>& text) {
    if (!text) return "????";
    return text->starts_with("0x") ? text->substr(2) : *text;
}

std::vector<Card> nvidia_cards(const MachineFiles& files) {
    std::vector<Card> cards;
    const std::string folder = "sys/bus/pci/devices";
    for (const std::string& slot : files.names(folder)) {
        const std::string device = fmt::format("{}/{}/", folder, slot);
        if (files.line(device + "vendor") != nvidia_vendor) continue;
        if (!files.line(device + "class").value_or("").starts_with(display_class)) continue;
        cards.push_back({slot,
                         fmt::format("10de:{} subsystem {}:{}", without_prefix(files.line(device + "device")),
                                     without_prefix(files.line(device + "subsystem_vendor")),
                                     without_prefix(files.line(device + "subsystem_device"))),
                         files.link_name(device + "driver").value_or("")});
    }
    return cards;
}

/// Of the first card that the NVIDIA kernel driver lists; "GPU-????..." is how it says that it has not read it yet.
std::optional<std::string> driver_information(const MachineFiles& files, std::string_view key) {
    const std::string folder = "proc/driver/nvidia/gpus";
    for (const std::string& slot : files.names(folder)) {
        auto value = value_of(files.text(fmt::format("{}/{}/information", folder, slot)), key, ':');
        if (value && value->find('?') == std::string::npos) return value;
    }
    return std::nullopt;
}

/// "580.65.06" out of "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul ...".
std::optional<std::string> driver_version(const MachineFiles& files) {
    auto line = files.line("proc/driver/nvidia/version");
    if (!line) return std::nullopt;
    std::string_view rest = *line;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        if (leading_number(word) && word.find('.') != std::string_view::npos) return std::string(word);
    }
    return line;
}

/// The driver named a device, and a real one.
bool has_working_device(const Machine& machine) {
    return machine.cuda_device && !machine.cuda_device->name.empty() && !machine.cuda_device->simulated;
}

/// Why no card can be used, and the finding that says what to do; nothing where one can.
struct Trouble {
    std::string_view finding;
    std::string what;
};
std::optional<Trouble> trouble_of(const Machine& machine, const std::vector<Card>& cards) {
    if (has_working_device(machine)) return std::nullopt;
    constexpr std::string_view control_node = "dev/nvidiactl";
    const MachineFiles& files = machine.files;
    const DeviceFiles shown = {.dxg = files.exists("dev/dxg"),
                               .kernel_driver = files.exists("proc/driver/nvidia/version"),
                               .control_node = files.exists(control_node),
                               .may_open = machine.recorded || files.may_open(control_node)};
    if (!cards.empty() && !shown.kernel_driver) {
        const Card& card = cards.front();
        if (card.driver.empty() || card.driver == "nvidia") {
            return Trouble{"gpu.no_kernel_driver",
                           fmt::format("the card {} at {} has no driver", card.pci_id, card.slot)};
        }
        return Trouble{"gpu.other_driver",
                       fmt::format("the card {} at {} is held by the driver {}", card.pci_id, card.slot, card.driver)};
    }
    if (!shown.dxg && !shown.kernel_driver) {
        return Trouble{"gpu.no_driver", "no NVIDIA card is visible here: none on the PCI bus and no /dev/dxg"};
    }
    if (!machine.recorded && !machine.cuda.loaded) {
        return Trouble{why_no_library(shown), fmt::format("{}, but the CUDA library does not load ({})",
                                                          shown.kernel_driver ? "the NVIDIA kernel driver is loaded"
                                                                              : "/dev/dxg is here (GPU-PV)",
                                                          machine.cuda.why)};
    }
    const std::string_view why = why_device_files_fail(shown);
    if (!why.empty()) return Trouble{why, "the NVIDIA driver is loaded, but /dev/nvidiactl cannot be opened"};
    if (!machine.cuda_device) return std::nullopt;
    if (machine.cuda_device->simulated) {
        return Trouble{"gpu.simulated", machine.cuda.path + " only simulates a device"};
    }
    return Trouble{machine.cuda_device->finding, machine.cuda_device->why};
}

}  // namespace

bool has_nvidia_card(const MachineFiles& files) { return !nvidia_cards(files).empty(); }

Facts gpu_identity(const Machine& machine) {
    Facts facts;
    const auto uuid = driver_information(machine.files, "GPU UUID");
    // The driver's order may be another than the bus's: it names the card that cases use.
    const auto model = has_working_device(machine) ? std::optional(machine.cuda_device->name)
                                                   : driver_information(machine.files, "Model");
    if (uuid) facts["gpu.uuid"] = *uuid;
    if (model) facts["gpu.model"] = *model;
    const auto cards = nvidia_cards(machine.files);
    if (!cards.empty()) facts["gpu.pci_id"] = cards.front().pci_id;
    return facts;
}

Facts gpu_context(const Machine& machine) {
    Facts facts;
    if (const auto version = driver_version(machine.files)) facts["gpu.driver"] = *version;
    if (const auto firmware = driver_information(machine.files, "Video BIOS")) facts["gpu.vbios"] = *firmware;
    if (machine.cuda.loaded) {
        facts["gpu.cuda_driver_api"] =
            fmt::format("{}.{}", machine.cuda.version / 1000, machine.cuda.version % 1000 / 10);
    }
    return facts;
}

Facts gpu_capabilities(const Machine& machine) {
    const auto cards = nvidia_cards(machine.files);
    const std::optional<Trouble> trouble = trouble_of(machine, cards);
    Facts facts;
    // Of a recording it cannot be known that a card works, only that it does not.
    if (trouble || !machine.recorded) facts["gpu.present"] = !trouble.has_value();
    if (trouble) {
        facts["gpu.finding"] = std::string(trouble->finding);
        facts["gpu.why"] = fmt::format("{}. {}", trouble->what, find_finding(trouble->finding)->cure);
    }
    facts["gpu.pci_cards"] = static_cast<std::int64_t>(cards.size());
    facts["gpu.dxg"] = machine.files.exists("dev/dxg");
    if (!machine.recorded) {
        facts["gpu.libcuda"] = machine.cuda.loaded ? machine.cuda.path : "does not load: " + machine.cuda.why;
    }
    return facts;
}

}  // namespace passbench
