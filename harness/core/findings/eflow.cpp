// Findings about Azure IoT Edge for Linux on Windows.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> eflow_findings() {
    constexpr bool no_device = true;
    return {
        {"eflow.agent_unreachable",
         "The agent that keeps EFLOW's VM (wssdagent) does not know it: the agent stands still, its certificate has "
         "run "
         "out (after a year), or its record of the VM is lost.",
         "Restart the service wssdagent, then renew its certificate (updateWssdCert.ps1); deploy EFLOW again if "
         "neither "
         "helps."},
        {"eflow.broken_release",
         "EFLOW 1.3.1.02092 has a known bug: its VM has the card, and the driver does not start.",
         "Use another release of EFLOW, 1.4 or later.", no_device},
        {"eflow.gpu_not_found",
         "EFLOW does not find a card of this name: drivers rename it, or it is disabled or already dismounted.",
         "Take the name from Get-EflowHostConfiguration, and see that the card is enabled on the host."},
        {"eflow.gpupv_on_server", "EFLOW offers GPU-PV on client editions of Windows only, and this is a server.",
         "Use Windows 10 or 11, or pass a T4 or A2 through by DDA."},
        {"eflow.hns_too_old", "The network service of this Windows (HNS) is older than EFLOW needs.",
         "Update Windows; EFLOW needs HNS 9.2 or later."},
        {"eflow.invalid_vm_document",
         "Windows does not accept the description by which EFLOW's agent starts its VM: the description or what the "
         "agent keeps of it is broken.",
         "Stop and start the service wssdagent; deploy EFLOW again if that does not help."},
        {"eflow.memory_too_small",
         "EFLOW's VM has too little memory for what was loaded (1024 MB, if nobody sets it), and the guest's kernel "
         "ends "
         "programs.",
         "Give it 8192 MB or more (-memoryInMB)."},
        {"eflow.nested_host", "This host is a virtual machine itself, where EFLOW cannot pass a GPU on.",
         "Use a host of metal."},
        {"eflow.network_port_refused",
         "EFLOW's VM got no network adapter: a policy or the firewall keeps the agent's ports, or the virtual switch "
         "is "
         "not valid.",
         "Open the ports 45000 and 45001 for the agent, and make the virtual switch again."},
        {"eflow.not_started", "EFLOW's VM did not come up after the host was restarted.",
         "Restart the service wssdagent, then run Start-EflowVm."},
        {"eflow.openssh_too_new",
         "EFLOW copies files with the host's OpenSSH client, and versions from 8.6 on behave otherwise than it "
         "expects.",
         "Update EFLOW, or let files come by Invoke-EflowVmCommand (base64) or a shared folder."},
        {"eflow.restarted_inside", "EFLOW's VM was restarted from within, which turns it off.",
         "Run Start-EflowVm; restart it with Stop-EflowVm and Start-EflowVm only."},
        {"eflow.settings_reset",
         "EFLOW's VM has other settings than it was given: Set-EflowVM sets back every argument that a call leaves "
         "out, "
         "the GPU too.",
         "Run Set-EflowVM with all its arguments, each time."},
        {"eflow.stale_install",
         "EFLOW's VM stays off after EFLOW was installed anew: the old agent left its state behind.",
         "Uninstall EFLOW, remove what is left of it, and deploy it again."},
        {"eflow.unsupported_dda_card", "EFLOW passes by DDA only NVIDIA's T4 and A2 on, and this is another card.",
         "Use GPU-PV with EFLOW, or a plain VM of Hyper-V for DDA."},
    };
}

}  // namespace passbench
