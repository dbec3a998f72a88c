// Findings about a card that its Windows host shares with guests (GPU-PV).
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> gpupv_findings() {
    constexpr bool no_device = true;
    return {
        {"gpupv.access_denied", "Windows denies the VM its GPU adapter: rights of the VM or the driver are wrong.",
         "Remove the adapter and add it again, and see that the VM's account has the rights to its files."},
        {"gpupv.adapter_not_in_guest",
         "The VM has a GPU adapter and its guest does not show one: Windows 10 chose another card, or the VM has to be "
         "made anew.",
         "Remove the adapter and add it again; if that does not help, make a new VM.", no_device},
        {"gpupv.busy_or_unavailable",
         "Driver of the Windows host, WSL and the libraries in the guest do not fit together.",
         "Update the NVIDIA driver on the Windows host, and WSL (`wsl --update`).", no_device},
        {"gpupv.checkpoint_refused", "A VM that has a GPU adapter cannot be saved, exported or given a checkpoint.",
         "Remove the adapter first (Remove-VMGpuPartitionAdapter), or turn checkpoints off for this VM."},
        {"gpupv.counters_refused",
         "The driver gives performance counters to nobody but administrators, or not at all here.",
         "Allow them in NVIDIA's control panel on the Windows host, or do without."},
        {"gpupv.driver_os_mismatch",
         "The host's driver and its Windows do not agree on the size of what they exchange.",
         "Update the host's driver and Windows."},
        {"gpupv.harmless_ioctls",
         "Libraries newer than the guest's dxgkrnl ask it for what it does not know, and its kernel notes each time.",
         "Nothing has to be done: these lines are no failure."},
        {"gpupv.host_crash_on_memory", "The host went down when a guest had taken all of the card's memory.",
         "Update the driver on the Windows host, and take smaller sizes."},
        {"gpupv.host_memory_leak",
         "Windows builds before 26100.4946 lose host memory each time a VM with a GPU adapter restarts.",
         "Update Windows; until then restart the host from time to time."},
        {"gpupv.insufficient_resources",
         "Windows could not give the VM its GPU adapter: a policy of the server, an adapter that is older than the "
         "host's driver, or a card that cannot be shared.",
         "Remove the adapter and add it again; on Windows Server set RequireSecureDeviceAssignment and "
         "RequireSupportedDeviceAssignment to 0."},
        {"gpupv.ipc_unsupported", "Memory of the card cannot be shared between processes under GPU-PV and WSL2.",
         "Leave out what needs CUDA IPC, or pass the card through whole (DDA)."},
        {"gpupv.limit_ignored", "The guest may use all of the card's memory: GPU-PV does not hold it to its partition.",
         "Do not rely on the limit; keep what runs within it."},
        {"gpupv.mmio_above_limit", "The VM's space for device memory ends above the addresses that this processor has.",
         "Make the high MMIO space smaller, or let it begin lower (HighMmioGapBase)."},
        {"gpupv.mmio_too_small", "The VM's space for device memory is too small for the virtual GPU.",
         "Set 1 GB of low and 32 GB of high MMIO space while the VM is off.", no_device},
        {"gpupv.module_refused",
         "The guest's kernel does not load dxgkrnl: Secure Boot refuses it, or the module was not made for this "
         "kernel.",
         "Turn Secure Boot off for this VM, and install the module that fits this kernel.", no_device},
        {"gpupv.no_utilization", "NVML does not say how busy the card is under GPU-PV and WSL2.",
         "Treat the value as missing; the Windows host's counters have it."},
        {"gpupv.not_partitionable",
         "The host has no GPU that it could share: the driver cannot, or virtualization is off.",
         "Install a driver of the card that supports WSL, and turn virtualization on in the firmware."},
        {"gpupv.nvml_blocked",
         "The guest's libraries are kept from the GPU: /dev/dxg is absent, the kernel is the wrong one, Secure Boot "
         "refuses its module, or the libraries are not of the host's driver.",
         "See in this order: /dev/dxg (`modprobe dxgkrnl`), the kernel, Secure Boot, and copy the host's driver files "
         "again.",
         no_device},
        {"gpupv.policy", "A policy of this Windows forbids to share this GPU with VMs.",
         "Set RequireSecureDeviceAssignment and RequireSupportedDeviceAssignment to 0, or let lab.toml allow passbench "
         "to do so for a run."},
        {"gpupv.residency_limit",
         "The Windows host could not bring what was allocated onto the card, although memory of it is free.",
         "Take smaller sizes, or close what else uses the card on the host and in its guests."},
        {"gpupv.slow_windows_build", "Some builds of Windows made GPUs in guests slower (seen from 20279 to 21286).",
         "Update Windows, and compare with a run from before."},
        {"gpupv.unfit_card", "The host went down with a card whose driver does not support sharing (V100 SXM2).",
         "Pass this card through whole (DDA): it cannot be shared."},
    };
}

}  // namespace passbench
