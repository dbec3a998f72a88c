// Findings about the card as a guest's CUDA driver meets it, by whatever way the card came there.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> gpu_findings() {
    constexpr bool no_device = true;
    constexpr bool ends_run = true;
    return {
        {"gpu.claimed", "Another trial of passbench measures on this card at this moment.",
         "Wait for the other run, or end it; `machine.gpu` and CUDA_VISIBLE_DEVICES choose another card."},
        {"gpu.device_lost", "The device vanished during the work, or somebody else has it for himself alone.",
         "See the kernel's log (dmesg) for Xid messages, and nvidia-smi for who uses it; the card may have to be "
         "reset."},
        {"gpu.driver_mismatch", "The kernel driver and the CUDA library are of two versions.",
         "Install both from one driver, then restart.", no_device},
        {"gpu.dxg_no_device",
         "The GPU is shared with the Windows host (GPU-PV), and its CUDA driver does not start here.",
         "See the kernel's log for dxgkrnl (dmesg), and that the Windows host's driver supports CUDA in guests.",
         no_device},
        {"gpu.dxg_without_library", "/dev/dxg is here (GPU-PV), but the CUDA library that belongs to it is not.",
         "Install the NVIDIA driver on the Windows host, and see that its files are at /usr/lib/wsl/lib here.",
         no_device},
        {"gpu.ecc_uncorrectable", "The card's memory returned data that its error correction could not mend.",
         "Reset the card, look at its ECC counters, and take it out if it happens again.", !no_device, ends_run},
        {"gpu.head_room",
         "The case asks for more of the card's memory than it may take: natively and under DDA 95 % of what is free, "
         "under "
         "GPU-PV less and in steps, for a guest that takes too much there can bring its host down.",
         "Take smaller sizes, or end what else uses this card (nvidia-smi)."},
        {"gpu.held_back",
         "The card slowed its clocks down by itself while it was measured, for heat or by order of its power supply "
         "(NVML's "
         "clock event reasons).",
         "Cool the card and see its power supply, or lock a clock that it can hold (gpu_clocks below [prepare] in "
         "lab.toml); "
         "its values are those of a slower card."},
        {"gpu.kernel_failed", "A kernel reached memory that is not its own, or met an instruction that it cannot do.",
         "Where the same kernel runs on other cards, suspect this one or its passthrough."},
        {"gpu.link_speed",
         "The card's PCIe link runs at a lower generation under load than card and slot can do together.",
         "Seat the card anew, look at risers and at the slot's settings in the firmware, and see the host's log for "
         "PCIe "
         "errors."},
        {"gpu.link_width", "The card's PCIe link has fewer lanes under load than card and slot have together.",
         "Seat the card anew, look for a slot that shares its lanes, for risers and dirty contacts."},
        {"gpu.more_memory_than_host",
         "The card has more memory than its Windows host: under GPU-PV every use of it may fail, or end the host.",
         "Give the host more memory than the card has, or pass the card through whole (DDA)."},
        {"gpu.no_answer", "The CUDA driver hangs, or ends the process that asks it for its devices.",
         "See the kernel's log (dmesg) for Xid messages, then restart this machine; a trial would wait until its time "
         "limit."},
        {"gpu.no_device", "The CUDA driver starts and sees no device.",
         "See `passbench doctor` for what is missing; a card may be gone from the bus (dmesg, lspci).", no_device},
        {"gpu.no_device_nodes", "The NVIDIA kernel driver is loaded, but its device files are not here.",
         "Run `nvidia-modprobe -u -c0`, or start the container with its GPU support.", no_device},
        {"gpu.no_driver", "This machine has no CUDA driver.",
         "Pass a card through to this machine (DDA, GPU-PV or VFIO) and install its driver; the cpu forms run without "
         "one, and "
         "`--lab simulated` shows the whole path.",
         no_device},
        {"gpu.no_kernel_driver", "The card is on the bus, and no driver has taken it.",
         "Install the NVIDIA driver and load it with `modprobe nvidia`.", no_device},
        {"gpu.no_library", "The NVIDIA kernel driver is loaded, but the CUDA library is not installed.",
         "Install libcuda1 of the driver's version, or start the container with its GPU support.", no_device},
        {"gpu.no_permission", "This user may not open the device files of the card.",
         "Add the user to the group that owns /dev/nvidiactl (often `video`), or run as root.", no_device},
        {"gpu.not_ready",
         "The driver sees the card, but the system around it is not ready (on HGX boards the fabric manager).",
         "Start the fabric manager of the driver's version (nvidia-fabricmanager), then try again."},
        {"gpu.old_driver", "The driver is older than what the kernels of this build need.",
         "Install a driver of CUDA 13 (580) or later; under GPU-PV, on the Windows host."},
        {"gpu.other_driver", "Another driver than NVIDIA's holds the card.",
         "Blacklist that driver (nouveau on desktops, vfio-pci where the card waits for a guest), install the NVIDIA "
         "driver "
         "and restart.",
         no_device},
        {"gpu.out_of_memory",
         "The card has not enough free memory for this case, or the host not enough that may be pinned.",
         "Take smaller sizes, or see what else uses this card (nvidia-smi)."},
        {"gpu.paged_out",
         "A part of what was allocated on the card lies in the host's memory: NVML shows less in use than was "
         "allocated "
         "(under "
         "GPU-PV the Windows host moves it).",
         "Close what else uses the card on the host and in its guests, or take smaller sizes."},
        {"gpu.pinned_limit",
         "The system lets only so much host memory be pinned for the card, however much is free; under WSL2 and GPU-PV "
         "half a GiB to one GiB has been seen.",
         "Take smaller sizes for pinned memory, or host = pageable; a guest with more memory may get more of it "
         "pinned."},
        {"gpu.residency_lost",
         "The Windows host moved memory of the card into its own (GPU-PV), where it is many times slower; taking more "
         "can "
         "bring the host down.",
         "Close what else uses the card on the host and in its guests, take smaller sizes, or pass the card through "
         "whole (DDA)."},
        {"gpu.simulated", "The CUDA library that the loader finds first is a stand-in, which only simulates a device.",
         "Take its folder out of LD_LIBRARY_PATH; to simulate on purpose, use `--lab simulated`."},
        {"gpu.slow_link",
         "Large copies between pinned memory and the card reach less than 70 % of what its PCIe link carries.",
         "Look for another user of the link, for memory of another NUMA node than the card's, and for IOMMU and ACS "
         "settings "
         "that send copies a longer way."},
        {"gpu.stale_telemetry",
         "NVML answers, but nothing of what it says changes with what the card does: it is not watched.",
         "Bring NVML and driver to one version; under GPU-PV both come from the Windows host (/usr/lib/wsl/lib)."},
        {"gpu.too_hot", "The card is as hot as the temperature from which on it slows itself down.",
         "See the card's fans and the air in front of it; let it cool down before it is measured again.", !no_device,
         ends_run},
        {"gpu.unexpected_code", "The driver answered with a code that it should not give here.",
         "See the kernel's log (dmesg); where it happens again, report the code with driver and card."},
        {"gpu.vanished", "The device worked earlier in this run, and the CUDA driver does not find it any more.",
         "See the kernel's log (dmesg) for Xid messages and for a card that fell off the bus, then reset the card or "
         "restart the guest; under DDA and GPU-PV the host may have taken it away."},
        {"gpu.watchdog", "A watchdog ended a kernel that ran too long; under GPU-PV the host's, after about 2 s.",
         "Take smaller sizes."},
        {"gpu.wrong_results", "The results differ from what the processor computes for the same inputs.",
         "Suspect the card's memory, its clocks or its passthrough: run the case again alone, then on another card."},
    };
}

}  // namespace passbench
