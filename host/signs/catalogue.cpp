#include "host/signs/catalogue.hpp"

#include <algorithm>

#include "host/signs/rule.hpp"

namespace passbench {

const std::vector<CatalogueRow>& failure_catalogue() {
    static const std::vector<CatalogueRow> rows = {
        {"E1", "eflow.broken_release", "Azure/iotedge-eflow, release 1.3.1"},
        {"E2", "eflow.settings_reset", "Azure docs, EFLOW PowerShell functions"},
        {"E3", "eflow.unsupported_dda_card", "text of the AzureEFLOW module"},
        {"E4", "eflow.gpupv_on_server", "text of the AzureEFLOW module"},
        {"E5", "eflow.gpu_not_found", "text of the AzureEFLOW module"},
        {"E6", "eflow.agent_unreachable", "Azure/iotedge-eflow #122 #126 #164"},
        {"E7", "eflow.invalid_vm_document", "Azure/iotedge-eflow #115"},
        {"E8", "eflow.network_port_refused", "Azure/iotedge-eflow #228"},
        {"E9", "eflow.stale_install", "Azure/iotedge-eflow #254"},
        {"E10", "eflow.not_started", "Azure/iotedge-eflow #303 #24 #64 #279"},
        {"E11", "eflow.restarted_inside", "Azure docs, EFLOW troubleshooting"},
        {"E12", "eflow.openssh_too_new", "Azure docs, EFLOW troubleshooting"},
        {"E13", "container.cuda_requirement", "NVIDIA, EFLOW guide"},
        {"E14", "eflow.memory_too_small", "NVIDIA, EFLOW guide"},
        {"E15", "container.dxg_not_mapped", "KAN #35"},
        {"E16", "eflow.nested_host", "Azure docs"},
        {"E17", "eflow.hns_too_old", "text of the AzureEFLOW module"},
        {"D1", "dda.no_mitigation_driver", "text of Hyper-V"},
        {"D2", "dda.no_osc", "intel/haxm #149"},
        {"D3", "dda.hypervisor_refuses", "community guides"},
        {"D4", "dda.element_not_found", "windowsserverdocs #3083"},
        {"D5", "dda.mmio_too_small", "report of an A30; Linux, pci-hyperv"},
        {"D6", "dda.bar_unassigned", "cloud-hypervisor #4353, gpu-operator #492, lxd #14381"},
        {"D7", "dda.not_dismounted", "ExHyperV"},
        {"D8", "dda.not_reset", "gpu-passthrough #4, qubes #10036"},
        {"D9", "dda.guest_code_43", "nvidia-kvm-patcher #28, community guides"},
        {"D10", "dda.host_crash", "community guides"},
        {"D11", "dda.still_assigned", "microsoft/lisa"},
        {"D12", "dda.late_enable", "microsoft/lisa"},
        {"D13", "gpu.other_driver", "NVIDIA, installation guide; microsoft/lisa"},
        {"D14", "dda.module_unsigned", "common, without a source"},
        {"D15", "dda.save_refused", "Microsoft docs"},
        {"D16", "dda.survey_of_disabled", "SurveyDDA.ps1"},
        {"D17", "dda.late_device", "microsoft/lisa"},
        {"D18", "dda.held_by_other_vm", "microsoft/lisa"},
        {"P1", "gpupv.insufficient_resources", "Easy-GPU-PV, ExHyperV"},
        {"P2", "gpupv.policy", "reports of Windows Server 2025"},
        {"P3", "gpupv.access_denied", "Easy-GPU-PV #217"},
        {"P4", "gpupv.driver_os_mismatch", "Easy-GPU-PV #320"},
        {"P5", "gpupv.mmio_above_limit", "Easy-GPU-PV #153 #278"},
        {"P6", "gpupv.checkpoint_refused", "Easy-GPU-PV #469"},
        {"P7", "gpupv.limit_ignored", "Easy-GPU-PV #298"},
        {"P8", "gpupv.host_memory_leak", "Easy-GPU-PV #446",
         "its sign is a host's commit charge that grows over many restarts of a VM, and nobody says how much of such a "
         "growth is more than a host shows anyway"},
        {"P9", "gpupv.unfit_card", "community guides"},
        {"P10", "gpupv.nvml_blocked", "dxgkrnl_ubuntu #1 #14, dxgkrnl-dkms #9, ExHyperV #199 #251"},
        {"P11", "gpupv.adapter_not_in_guest", "dxgkrnl-dkms #9"},
        {"P12", "gpupv.mmio_too_small", "nixpkgs #502687"},
        {"P13", "gpupv.busy_or_unavailable", "microsoft/WSL #6014"},
        {"P14", "wsl.libraries_missing", "microsoft/WSL #9099"},
        {"P15", "gpupv.harmless_ioctls", "microsoft/WSL #40715 #13734 #11293"},
        {"P16", "gpupv.residency_limit", "microsoft/WSL #41176"},
        {"P17", "gpu.pinned_limit", "microsoft/WSL #14078 #8447, nvidia-docker #1725"},
        {"P18", "gpupv.host_crash_on_memory", "microsoft/WSL #40732"},
        {"P19", "gpupv.no_utilization", "microsoft/WSL #7162"},
        {"P20", "gpupv.ipc_unsupported", "sglang #35385"},
        {"P21", "container.no_libcuda", "nvidia-docker #1225"},
        {"P22", "container.no_adapter", "nvidia-docker #1542, nvidia-container-toolkit #155 #1692"},
        {"P23", "container.driver_in_image", "nvidia-docker #1551, nvidia-container-toolkit #289"},
        {"P24", "container.no_dxcore", "nvidia-container-toolkit #1739"},
        {"P25", "gpupv.counters_refused", "utilyze #4"},
        {"P26", "wsl.no_wddm", "microsoft/WSL #9952"},
        {"P27", "gpupv.slow_windows_build", "microsoft/WSL #6425",
         "its sign is a card that measures slower than before an update of Windows: `passbench compare` of the two "
         "runs "
         "shows it, and no text, code or state does"},
        {"P28", "container.index_ignored", "NVIDIA, CUDA on WSL guide"},
        {"P29", "gpupv.not_partitionable", "Microsoft, driver docs"},
        {"P30", "gpupv.module_refused", "dxgkrnl-dkms #9"},
    };
    return rows;
}

const CatalogueRow* find_catalogue_row(std::string_view finding) {
    const auto& rows = failure_catalogue();
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const CatalogueRow& row) { return row.finding == finding; });
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string> signs_of(const CatalogueRow& row) {
    std::vector<std::string> signs;
    for (const Rule& rule : rules()) {
        if (rule.row == row.number) signs.push_back(sign_text(rule));
    }
    return signs;
}

bool is_harmless(const CatalogueRow& row) {
    return std::any_of(rules().begin(), rules().end(),
                       [&](const Rule& rule) { return rule.row == row.number && rule.worth == Worth::harmless; });
}

}  // namespace passbench
