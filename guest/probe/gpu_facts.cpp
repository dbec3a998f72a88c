// The card as the guest sees it: on the PCI bus (DDA, VFIO, native) or behind /dev/dxg (GPU-PV), its driver, or in one sentence
// why there is none and what to do. Needs no CUDA: it must say something useful exactly where CUDA does not load.
#include <string_view>

#include <fmt/core.h>

#include "guest/probe/fact_groups.hpp"

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

std::string why_no_gpu(const Machine& machine, const std::vector<Card>& cards) {
    const MachineFiles& files = machine.files;
    const bool paravirtual = files.exists("dev/dxg");
    const bool kernel_driver = files.exists("proc/driver/nvidia/version");
    if (cards.empty() && !paravirtual && !kernel_driver) {
        return "no NVIDIA card is visible here: none on the PCI bus and no /dev/dxg. Pass a card through to this "
               "machine (DDA, GPU-PV or VFIO) or use one that has a card; the cpu forms run without.";
    }
    if (!cards.empty() && !kernel_driver) {
        const Card& card = cards.front();
        if (card.driver.empty() || card.driver == "nvidia") {
            return fmt::format(
                "the card {} at {} has no driver: install the NVIDIA driver and load it with "
                "`modprobe nvidia`.",
                card.pci_id, card.slot);
        }
        return fmt::format(
            "the card {} at {} is held by the driver {}: blacklist {}, install the NVIDIA driver and "
            "restart.",
            card.pci_id, card.slot, card.driver, card.driver);
    }
    if (!machine.cuda.loaded && paravirtual && !kernel_driver) {
        return fmt::format(
            "/dev/dxg is here (GPU-PV), but the CUDA library does not load ({}): install the NVIDIA "
            "driver on the Windows host, and see that its files are mounted at /usr/lib/wsl/lib.",
            machine.cuda.why);
    }
    if (!machine.cuda.loaded) {
        return fmt::format(
            "the NVIDIA kernel driver is loaded, but the CUDA library is not ({}): install libcuda1 of "
            "the driver's version, or start the container with its GPU support.",
            machine.cuda.why);
    }
    if (kernel_driver && !files.exists("dev/nvidiactl")) {
        return "the NVIDIA driver is loaded, but /dev/nvidiactl is missing: run `nvidia-modprobe -u -c0`, or start the "
               "container with its GPU support.";
    }
    return {};
}

}  // namespace

bool has_nvidia_card(const MachineFiles& files) { return !nvidia_cards(files).empty(); }

Facts gpu_identity(const Machine& machine) {
    Facts facts;
    const auto uuid = driver_information(machine.files, "GPU UUID");
    const auto model = driver_information(machine.files, "Model");
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
    const std::string why = why_no_gpu(machine, cards);
    Facts facts;
    facts["gpu.present"] = why.empty();
    if (!why.empty()) facts["gpu.why"] = why;
    facts["gpu.pci_cards"] = static_cast<std::int64_t>(cards.size());
    facts["gpu.dxg"] = machine.files.exists("dev/dxg");
    facts["gpu.libcuda"] = machine.cuda.loaded ? machine.cuda.path : "does not load: " + machine.cuda.why;
    return facts;
}

}  // namespace passbench
