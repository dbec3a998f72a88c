// Signs of failures of GPU-PV and WSL (facts 3.8, 4.3 to 4.5 and 6.3).
#include <algorithm>

#include "host/signs/rule.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

/// Facts `small` and `large` of a guest where the first is below the second.
std::optional<std::string> is_below(const State& state, std::string_view small, std::string_view large) {
    const auto less = fact_int(state.facts(Of::guest), small);
    const auto more = fact_int(state.facts(Of::guest), large);
    if (!less || !more || *less >= *more) return std::nullopt;
    return std::string(small) + " = " + std::to_string(*less) + " < " + std::string(large) + " = " +
           std::to_string(*more);
}

std::optional<std::string> was_refused_with_memory_free(const State& state) {
    return is_below(state, guest_key::vram_asked, guest_key::vram_free);
}

std::optional<std::string> has_more_devices_than_asked(const State& state) {
    return is_below(state, guest_key::container_asked, guest_key::container_devices);
}

std::optional<std::string> has_more_memory_than_its_partition(const State& state) {
    const auto limit = fact_int(state.facts(Of::wanted_vm), wanted_key::partition_vram);
    const auto seen = fact_int(state.facts(Of::guest), guest_key::vram);
    if (!limit || !seen || *seen <= *limit) return std::nullopt;
    return "the guest sees " + std::to_string(*seen) + " bytes, its partition has " + std::to_string(*limit);
}

std::optional<std::string> ran_out_of_memory(const State& state) {
    const auto& said = state.symptoms().said;
    const bool did = std::any_of(said.begin(), said.end(),
                                 [](const Said& each) { return each.by == Speaker::cuda && each.code == "2"; });
    return did ? std::optional<std::string>("CUDA error 2") : std::nullopt;
}

std::optional<std::string> has_no_partitionable_gpu(const State& state) {
    const HostFacts& host = state.symptoms().host;
    const auto is_gpu = [](const auto& resource) { return resource.first.starts_with(gpu_prefix); };
    const auto can = [&](const auto& resource) {
        return is_gpu(resource) && resource.second.contains(device_key::partitionable);
    };
    if (std::none_of(host.begin(), host.end(), is_gpu) || std::any_of(host.begin(), host.end(), can)) {
        return std::nullopt;
    }
    return "no gpu has a " + std::string(device_key::partitionable);
}

constexpr StateCondition is_gpupv = {Of::arm, "method", Is::containing, "gpupv"};
constexpr StateCondition has_dxg = {Of::guest, guest_key::dxg, Is::equal, "true"};
constexpr StateCondition has_adapter = {Of::vm, vm_key::gpu_partition, Is::other, "none"};

}  // namespace

std::vector<Rule> gpupv_rules() {
    return {
        // One cause of several behind these words is the policy; where Windows names it, it is that.
        {.row = "P1",
         .finding = "gpupv.insufficient_resources",
         .hears = Hears::host,
         .words = {"Insufficient system resources exist to complete the requested service"},
         .yields_to = {"gpupv.policy"}},
        {.row = "P2",
         .finding = "gpupv.policy",
         .hears = Hears::host,
         .words = {"not compliant with currently set group policy"}},
        {.row = "P3",
         .finding = "gpupv.access_denied",
         .hears = Hears::host,
         .words = {"Access is denied"},
         .doing = Doing::starting,
         .state = {has_adapter}},
        {.row = "P4", .finding = "gpupv.driver_os_mismatch", .hears = Hears::host, .code = "0x8007007A"},
        {.row = "P4",
         .finding = "gpupv.driver_os_mismatch",
         .hears = Hears::host,
         .words = {"data area passed to a system call is too small"}},
        {.row = "P5",
         .finding = "gpupv.mmio_above_limit",
         .hears = Hears::host,
         .words = {"upper MMIO region that is above the supported physical address range"}},
        {.row = "P6",
         .finding = "gpupv.checkpoint_refused",
         .hears = Hears::host,
         .words = {"assigned one or more GPUP partitions"}},
        {.row = "P7",
         .finding = "gpupv.limit_ignored",
         .comparison = {has_more_memory_than_its_partition, "the guest sees more memory than its partition was given"}},
        {.row = "P9",
         .finding = "gpupv.unfit_card",
         .hears = Hears::host,
         .code = "Kernel-Power/41",
         .state = {has_adapter, {Of::gpu, device_key::name, Is::containing, "V100"}}},
        {.row = "P10",
         .finding = "gpupv.nvml_blocked",
         .hears = Hears::guest,
         .words = {"Failed to initialize NVML: GPU access blocked by the operating system"}},
        {.row = "P11",
         .finding = "gpupv.adapter_not_in_guest",
         .state = {has_adapter, {Of::guest, guest_key::render_function, Is::equal, "false"}}},
        {.row = "P12",
         .finding = "gpupv.mmio_too_small",
         .hears = Hears::kernel,
         .words = {"dxgglobal_getiospace: Unable to allocate mmio memory: -6"}},
        {.row = "P13", .finding = "gpupv.busy_or_unavailable", .hears = Hears::cuda, .code = "46", .state = {has_dxg}},
        {.row = "P13",
         .finding = "gpupv.busy_or_unavailable",
         .hears = Hears::guest,
         .words = {"all CUDA-capable devices are busy or unavailable"},
         .state = {has_dxg}},
        {.row = "P14",
         .finding = "wsl.libraries_missing",
         .state = {{Of::guest, guest_key::kernel, Is::containing, "microsoft-standard-WSL"},
                   {Of::guest, guest_key::wsl_files, Is::equal, "0"}}},
        {.row = "P15",
         .finding = "gpupv.harmless_ioctls",
         .hears = Hears::kernel,
         .words = {"dxgkio_is_feature_enabled: Ioctl failed: -22"},
         .worth = Worth::harmless},
        {.row = "P15",
         .finding = "gpupv.harmless_ioctls",
         .hears = Hears::kernel,
         .words = {"dxgkio_query_adapter_info: Ioctl failed: -22"},
         .worth = Worth::harmless},
        {.row = "P15",
         .finding = "gpupv.harmless_ioctls",
         .hears = Hears::kernel,
         .words = {"dxgkio_query_adapter_info: Ioctl failed: -2"},
         .worth = Worth::harmless},
        {.row = "P16",
         .finding = "gpupv.residency_limit",
         .hears = Hears::kernel,
         .words = {"make_resident", "Ioctl failed: -12"}},
        {.row = "P16",
         .finding = "gpupv.residency_limit",
         .hears = Hears::cuda,
         .code = "2",
         .state = {has_dxg},
         .comparison = {was_refused_with_memory_free, "less was asked for than is free"}},
        {.row = "P17",
         .finding = "gpu.pinned_limit",
         .state = {has_dxg, {Of::guest, guest_key::pinned_limit, Is::at_most, "1073741824"}}},
        {.row = "P18",
         .finding = "gpupv.host_crash_on_memory",
         .hears = Hears::host,
         .code = "Kernel-Power/41",
         .state = {has_adapter},
         .comparison = {ran_out_of_memory, "the last trial ended with CUDA's error 2 (out of memory)"},
         .yields_to = {"gpupv.unfit_card"}},
        {.row = "P19",
         .finding = "gpupv.no_utilization",
         .hears = Hears::guest,
         .words = {"N/A"},
         .doing = Doing::reading_utilization,
         .state = {has_dxg}},
        {.row = "P19",
         .finding = "gpupv.no_utilization",
         .hears = Hears::guest,
         .words = {"ERR!"},
         .doing = Doing::reading_utilization,
         .state = {has_dxg}},
        {.row = "P19",
         .finding = "gpupv.no_utilization",
         .hears = Hears::guest,
         .words = {"[Unknown Error]"},
         .doing = Doing::reading_utilization,
         .state = {has_dxg}},
        {.row = "P20",
         .finding = "gpupv.ipc_unsupported",
         .hears = Hears::guest,
         .words = {"invalid resource handle"},
         .doing = Doing::sharing_memory,
         .state = {has_dxg}},
        {.row = "P20",
         .finding = "gpupv.ipc_unsupported",
         .hears = Hears::cuda,
         .code = "400",
         .doing = Doing::sharing_memory,
         .state = {has_dxg}},
        {.row = "P21",
         .finding = "container.no_libcuda",
         .hears = Hears::guest,
         .words = {"stat failed", "/usr/lib/wsl/lib/libcuda.so.1"}},
        {.row = "P22",
         .finding = "container.no_adapter",
         .hears = Hears::guest,
         .words = {"dxcore initialization failed"}},
        {.row = "P22",
         .finding = "container.no_adapter",
         .hears = Hears::guest,
         .words = {"WSL environment detected but no adapters were found"}},
        {.row = "P23",
         .finding = "container.driver_in_image",
         .hears = Hears::guest,
         .words = {"libnvidia-ml.so.1: file exists"}},
        {.row = "P24", .finding = "container.no_dxcore", .hears = Hears::guest, .words = {"libdxcore.so", "not found"}},
        {.row = "P25", .finding = "gpupv.counters_refused", .hears = Hears::guest, .words = {"INSUFFICIENT_PRIVILEGE"}},
        {.row = "P26",
         .finding = "wsl.no_wddm",
         .state = {{Of::arm, "method", Is::equal, "wsl"}, {Of::gpu, device_key::driver_model, Is::other, "WDDM"}}},
        {.row = "P26",
         .finding = "wsl.no_wddm",
         .state = {is_gpupv, {Of::gpu, device_key::driver_model, Is::other, "WDDM"}}},
        {.row = "P28",
         .finding = "container.index_ignored",
         .state = {has_dxg},
         .comparison = {has_more_devices_than_asked, "a container got more devices than it asked for"}},
        {.row = "P29",
         .finding = "gpupv.not_partitionable",
         .state = {is_gpupv},
         .comparison = {has_no_partitionable_gpu, "no GPU of the host is partitionable"},
         .yields_to = {"wsl.no_wddm"}},
        {.row = "P30", .finding = "gpupv.module_refused", .hears = Hears::guest, .words = {"modprobe", "dxgkrnl"}},
    };
}

}  // namespace passbench
