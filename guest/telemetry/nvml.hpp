// NVIDIA's management library (NVML), found at run time like the CUDA driver: clocks, temperatures, errors, the PCIe link. Under GPU-PV
// much of it is missing, so every function may be absent here, and every question may be answered with "not supported": who asks
// goes on without (gpu_moment.hpp). The functions keep the names and types of <nvml.h>.
#pragma once

#include <memory>
#include <nvml.h>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

// clang-format off
#define PASSBENCH_NVML_CALLS(X)                  \
    X(nvmlInit_v2)                               \
    X(nvmlErrorString)                           \
    X(nvmlSystemGetDriverVersion)                \
    X(nvmlDeviceGetCount_v2)                     \
    X(nvmlDeviceGetHandleByIndex_v2)             \
    X(nvmlDeviceGetHandleByUUID)                 \
    X(nvmlDeviceGetClockInfo)                    \
    X(nvmlDeviceGetMaxClockInfo)                 \
    X(nvmlDeviceGetCurrentClocksEventReasons)    \
    X(nvmlDeviceGetCurrentClocksThrottleReasons) \
    X(nvmlDeviceGetTemperature)                  \
    X(nvmlDeviceGetTemperatureThreshold)         \
    X(nvmlDeviceGetPowerUsage)                   \
    X(nvmlDeviceGetEnforcedPowerLimit)           \
    X(nvmlDeviceGetCurrPcieLinkGeneration)       \
    X(nvmlDeviceGetCurrPcieLinkWidth)            \
    X(nvmlDeviceGetMaxPcieLinkGeneration)        \
    X(nvmlDeviceGetMaxPcieLinkWidth)             \
    X(nvmlDeviceGetTotalEccErrors)               \
    X(nvmlDeviceGetRetiredPagesPendingStatus)    \
    X(nvmlDeviceGetRemappedRows)                 \
    X(nvmlDeviceGetMemoryInfo)                   \
    X(nvmlDeviceGetComputeRunningProcesses_v3)   \
    X(nvmlDeviceGetPersistenceMode)              \
    X(nvmlDeviceGetUUID)                         \
    X(nvmlDeviceGetSupportedMemoryClocks)        \
    X(nvmlDeviceGetSupportedGraphicsClocks)      \
    X(nvmlDeviceSetGpuLockedClocks)              \
    X(nvmlDeviceResetGpuLockedClocks)            \
    X(nvmlDeviceSetPersistenceMode)
// clang-format on

// What newer libraries have under other names stays: guests have older ones.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// Pointers to the functions, under their own names; null where the library lacks one.
struct NvmlCalls {
#define PASSBENCH_MEMBER(function) decltype(&::function) function = nullptr;
    PASSBENCH_NVML_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};
#pragma GCC diagnostic pop

class Nvml {
public:
    /// Loads and starts the library of this machine (where the loader looks, then where WSL2 and GPU-PV have it), or the stand-in that
    /// is named. It stays loaded until the process ends. Error `unsupported` with the loader's or the library's words.
    [[nodiscard]] static Result<std::shared_ptr<const Nvml>> load(const std::string& stand_in);
    /// The same with functions that were found already.
    [[nodiscard]] static Result<std::shared_ptr<const Nvml>> start(const NvmlCalls& calls);

    [[nodiscard]] const NvmlCalls& calls() const { return calls_; }
    /// "580.95.05"; empty where the library does not tell.
    [[nodiscard]] std::string driver_version() const;
    /// The library's words for a code, "Not Supported".
    [[nodiscard]] std::string words_of(nvmlReturn_t code) const;

    /// The device with this UUID ("GPU-..."), or where that is empty or not known here (GPU-PV) the only one there is. Error
    /// `unsupported` where it cannot be told which, `device_lost` where it is gone.
    [[nodiscard]] Result<nvmlDevice_t> find_device(const std::string& uuid) const;

private:
    explicit Nvml(const NvmlCalls& calls) : calls_(calls) {}

    NvmlCalls calls_;
};

}  // namespace passbench
