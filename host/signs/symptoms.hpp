// What is known when something went wrong, for `detect` to find the cause in: what was said and by whom, the log of the guest's kernel,
// and the state of host and guest. Whoever fails gathers what is at hand; what is absent is no sign of anything. Texts are matched in
// English: on a Windows of another language the codes and the state remain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {

/// Whose words they are. What a guest's command said is the guest's, by whatever cmdlet it was brought.
enum class Speaker {
    cmdlet,      // the error of a cmdlet or of a function of a module on the host
    host_text,   // what a host's program or log says by the way: SurveyDDA, event logs, the log of wssdagent
    command,     // a command that failed in the guest or in a container of it
    guest_text,  // what a command of the guest printed
    cuda,        // an error of the CUDA driver in the guest: its number as the code
};

/// What was being done.
enum class Doing {
    something,
    dismounting,
    mounting,
    starting,  // a VM
    saving,    // a VM: its state, a checkpoint, an export, a migration
    copying,   // a file into EFLOW's VM
    provisioning,
    reading_utilization,  // nvidia-smi or NVML
    sharing_memory,       // CUDA IPC
};

/// The last that happened to the VM or its host before this, where that is known.
enum class Before { nothing_known, installed_anew, host_restarted, guest_restarted };

struct Said {
    Speaker by = Speaker::cmdlet;
    Doing doing = Doing::something;
    std::string text = {};
    // "0x80070005" of a cmdlet, "SOURCE/ID" of an event ("Kernel-Power/41"), "46" of CUDA, else its FullyQualifiedErrorId
    std::string code = {};
};

struct Symptoms {
    std::vector<Said> said = {};
    std::string kernel_log = {};  // of the guest (dmesg), a line each
    std::string method = {};      // dda, gpupv, eflow_dda, eflow_gpupv, wsl
    std::string gpu = {};         // the LOCATION of the card in question
    std::string vm = {};          // the name of the VM in question
    HostFacts host = {};          // as it is
    HostFacts wanted = {};        // as it was to be: what was asked for alone
    Facts guest = {};             // see guest_key
    Before before = Before::nothing_known;
};

/// What `wanted` may say of a VM beside vm_key.
namespace wanted_key {
inline constexpr std::string_view partition_vram = "partition_vram_bytes";  // int: the limit of its GPU adapter
}

/// Symptoms::guest.
namespace guest_key {
inline constexpr std::string_view dxg = "file./dev/dxg";                // bool
inline constexpr std::string_view nvidia_node = "file./dev/nvidia0";    // bool
inline constexpr std::string_view nvidia_function = "pci.nvidia";       // bool: one of vendor 10de is on the PCI bus
inline constexpr std::string_view render_function = "pci.render";       // bool: 1414:008e is
inline constexpr std::string_view appeared_s = "pci.appeared_after_s";  // int: the card was not there before, then was
inline constexpr std::string_view nouveau = "module.nouveau";           // bool: loaded
inline constexpr std::string_view kernel = "kernel";                    // text, as uname -r
inline constexpr std::string_view problem =
    "problem_code";  // int, of the card in the device manager of a Windows guest
inline constexpr std::string_view wsl_files = "wsl_lib.files";      // int: in /usr/lib/wsl/lib
inline constexpr std::string_view vram = "vram_bytes";              // int: of the card, as the guest sees it
inline constexpr std::string_view vram_free = "vram_free_bytes";    // int: when an allocation was refused
inline constexpr std::string_view vram_asked = "vram_asked_bytes";  // int: by the allocation that was refused
inline constexpr std::string_view pinned_limit =
    "pinned_limit_bytes";  // int: the most that could be pinned, found by halving
inline constexpr std::string_view container_dxg = "container.file./dev/dxg";    // bool
inline constexpr std::string_view container_asked = "container.devices_asked";  // int: NVIDIA_VISIBLE_DEVICES
inline constexpr std::string_view container_devices = "container.devices";      // int: that it got
}  // namespace guest_key

}  // namespace passbench
