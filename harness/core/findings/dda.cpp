// Findings about a card that is passed through whole (Discrete Device Assignment).
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> dda_findings() {
    constexpr bool no_device = true;
    return {
        {"dda.bar_unassigned",
         "The card is in the guest, but its large memory window (BAR1) got no addresses: the VM's space for them is "
         "too "
         "small, or the firmware gave none.",
         "Enlarge the VM's high MMIO space while it is off; where that does not help, turn on above-4G decoding in the "
         "host's firmware.",
         no_device},
        {"dda.element_not_found",
         "Some builds of Windows Server 2016 and 2019 cannot start a VM with this device: driver, firmware and Windows "
         "do not fit together.",
         "Use another build of Windows Server (2022 or later), and the newest firmware of the machine."},
        {"dda.guest_code_43",
         "The driver in a Windows guest stopped the card (Code 43): GeForce drivers before 465 refuse virtual "
         "machines, "
         "and some AMD cards do not survive a reset.",
         "Install a newer driver in the guest.", no_device},
        {"dda.held_by_other_vm", "The card is assigned to another VM.",
         "Wait until that VM gives it back, or take it out of that VM while it is off."},
        {"dda.host_crash",
         "The host went down when the VM restarted: the card cannot be reset by itself (no FLR), and no mitigation "
         "driver does it.",
         "Install the card's mitigation (partitioning) INF on the host; stop the VM whole and start it again instead "
         "of "
         "restarting its guest."},
        {"dda.hypervisor_refuses",
         "The hypervisor lacks what DDA needs: its IOMMU policy is off, or this is a client edition of Windows.",
         "Run `bcdedit /set hypervisoriommupolicy enable` and restart the host; on a client edition use Windows "
         "Server, "
         "or GPU-PV."},
        {"dda.late_device", "The guest saw the card only some time after it had started: devices of Hyper-V come late.",
         "Look again every 2 s for a minute after a start before it counts as absent."},
        {"dda.late_enable",
         "The card was given back to the host and is still disabled (code 22): Windows enables a device after the call "
         "has returned.",
         "Wait up to 30 s; if it stays so, enable it with Enable-PnpDevice."},
        {"dda.mmio_too_small",
         "The VM's space for device memory is too small for the card: the guest starts without it, and its kernel says "
         "how much it needs.",
         "Double the VM's high MMIO space while it is off (64 GB for cards of 24 to 48 GB): a space as large as the "
         "card's memory window is not enough.",
         no_device},
        {"dda.module_unsigned",
         "The guest starts by Secure Boot and refuses the NVIDIA kernel module, which nobody it trusts has signed.",
         "Turn Secure Boot off for this VM, or enrol the key that signs the module (MOK).", no_device},
        {"dda.no_mitigation_driver",
         "Windows knows of nothing that keeps this card from harming the host while a guest has it: no mitigation "
         "(partitioning) INF is installed for it.",
         "Install NVIDIA's mitigation INF for this card, or allow the dismount by force in lab.toml if the guest is "
         "trusted."},
        {"dda.no_osc",
         "The firmware kept control of PCI Express for this slot (_OSC), so that Windows cannot take the card from it.",
         "Turn on VT-d or AMD-Vi, SR-IOV, native PCIe and above-4G decoding in the firmware; try another slot, or "
         "another machine."},
        {"dda.not_dismounted",
         "The host does not have the card among its assignable devices: it is not dismounted, or not yet, or the "
         "location path is wrong.",
         "Try again after a second, and see what Get-VMHostAssignableDevice lists."},
        {"dda.not_reset",
         "The card is in the guest and its driver cannot start it: it was not reset cleanly, or the driver is of the "
         "wrong kind (open or proprietary).",
         "Turn the host off and on again, cold, and install the branch of the driver that fits the card.", no_device},
        {"dda.save_refused", "A VM that has a card cannot be saved, migrated or given a checkpoint.",
         "Turn checkpoints off for this VM and let it stop by TurnOff; take the card out before anything else."},
        {"dda.still_assigned", "The card cannot be mounted on the host again: a VM still has it, running or not.",
         "Turn that VM off, take the card out with Remove-VMAssignableDevice, then mount it."},
        {"dda.survey_of_disabled",
         "The card is disabled on the host, so that the survey cannot see what resources it needs.",
         "Enable it, survey it again, and disable it only then."},
    };
}

}  // namespace passbench
