#include "guest/telemetry/gpu_moment.hpp"

#include <array>
#include <vector>

#include "harness/core/this_process.hpp"

namespace passbench {
namespace {

/// NVML's answer to one question.
struct Reading {
    nvmlReturn_t code = NVML_ERROR_FUNCTION_NOT_FOUND;
    std::int64_t value = 0;
};

// Of a function that writes one number; a null `call` is one that the library lacks.

template <typename Number>
Reading ask(nvmlReturn_t (*call)(nvmlDevice_t, Number*), nvmlDevice_t device) {
    if (call == nullptr) return {};
    Number number{};
    const nvmlReturn_t code = call(device, &number);
    return {.code = code, .value = static_cast<std::int64_t>(number)};
}

template <typename Number, typename Which>
Reading ask(nvmlReturn_t (*call)(nvmlDevice_t, Which, Number*), nvmlDevice_t device, Which which) {
    if (call == nullptr) return {};
    Number number{};
    const nvmlReturn_t code = call(device, which, &number);
    return {.code = code, .value = static_cast<std::int64_t>(number)};
}

Reading throttle_reasons(const NvmlCalls& calls, nvmlDevice_t device) {
    // The older name of the same question.
    return calls.nvmlDeviceGetCurrentClocksEventReasons != nullptr
               ? ask(calls.nvmlDeviceGetCurrentClocksEventReasons, device)
               : ask(calls.nvmlDeviceGetCurrentClocksThrottleReasons, device);
}

Reading ecc_errors(const NvmlCalls& calls, nvmlDevice_t device, nvmlMemoryErrorType_t kind) {
    if (calls.nvmlDeviceGetTotalEccErrors == nullptr) return {};
    unsigned long long errors = 0;
    const nvmlReturn_t code = calls.nvmlDeviceGetTotalEccErrors(device, kind, NVML_VOLATILE_ECC, &errors);
    return {.code = code, .value = static_cast<std::int64_t>(errors)};
}

Reading other_processes(const NvmlCalls& calls, nvmlDevice_t device) {
    if (calls.nvmlDeviceGetComputeRunningProcesses_v3 == nullptr) return {};
    constexpr unsigned most = 64;  // more are counted as that many
    std::array<nvmlProcessInfo_t, most> processes{};
    unsigned count = most;
    const nvmlReturn_t code = calls.nvmlDeviceGetComputeRunningProcesses_v3(device, &count, processes.data());
    if (code == NVML_ERROR_INSUFFICIENT_SIZE) return {.code = NVML_SUCCESS, .value = most};
    std::int64_t others = 0;
    const auto own = static_cast<unsigned>(process_number());
    for (unsigned i = 0; i < count && i < most; ++i) others += processes[i].pid == own ? 0 : 1;
    return {.code = code, .value = others};
}

class Reader {
public:
    Reader(const Nvml& nvml, nvmlDevice_t device) : nvml_(nvml), device_(device) {}

    void put(std::string_view field, const Reading& reading) {
        if (reading.code == NVML_SUCCESS) {
            moment_.values[field] = reading.value;
        } else {
            moment_.absent[field] = nvml_.words_of(reading.code);
        }
        if (reading.code == NVML_ERROR_GPU_IS_LOST) moment_.lost = true;
    }

    void put_clocks_and_heat() {
        const NvmlCalls& calls = nvml_.calls();
        put(gpu_field::sm_clock, ask(calls.nvmlDeviceGetClockInfo, device_, NVML_CLOCK_SM));
        put(gpu_field::sm_clock_max, ask(calls.nvmlDeviceGetMaxClockInfo, device_, NVML_CLOCK_SM));
        put(gpu_field::memory_clock, ask(calls.nvmlDeviceGetClockInfo, device_, NVML_CLOCK_MEM));
        put(gpu_field::throttle_reasons, throttle_reasons(calls, device_));
        put(gpu_field::temperature, ask(calls.nvmlDeviceGetTemperature, device_, NVML_TEMPERATURE_GPU));
        put(gpu_field::slowdown_temperature,
            ask(calls.nvmlDeviceGetTemperatureThreshold, device_, NVML_TEMPERATURE_THRESHOLD_SLOWDOWN));
        put(gpu_field::power, ask(calls.nvmlDeviceGetPowerUsage, device_));
        put(gpu_field::power_limit, ask(calls.nvmlDeviceGetEnforcedPowerLimit, device_));
    }

    void put_link() {
        const NvmlCalls& calls = nvml_.calls();
        put(gpu_field::link_generation, ask(calls.nvmlDeviceGetCurrPcieLinkGeneration, device_));
        put(gpu_field::link_width, ask(calls.nvmlDeviceGetCurrPcieLinkWidth, device_));
        put(gpu_field::link_generation_max, ask(calls.nvmlDeviceGetMaxPcieLinkGeneration, device_));
        put(gpu_field::link_width_max, ask(calls.nvmlDeviceGetMaxPcieLinkWidth, device_));
    }

    void put_errors() {
        const NvmlCalls& calls = nvml_.calls();
        put(gpu_field::ecc_corrected, ecc_errors(calls, device_, NVML_MEMORY_ERROR_TYPE_CORRECTED));
        put(gpu_field::ecc_uncorrected, ecc_errors(calls, device_, NVML_MEMORY_ERROR_TYPE_UNCORRECTED));
        put(gpu_field::pages_pending, ask(calls.nvmlDeviceGetRetiredPagesPendingStatus, device_));
        unsigned corrected = 0;
        unsigned uncorrected = 0;
        unsigned pending = 0;
        unsigned failed = 0;
        const nvmlReturn_t code =
            calls.nvmlDeviceGetRemappedRows == nullptr
                ? NVML_ERROR_FUNCTION_NOT_FOUND
                : calls.nvmlDeviceGetRemappedRows(device_, &corrected, &uncorrected, &pending, &failed);
        put(gpu_field::rows_remapped, {.code = code, .value = uncorrected});
        put(gpu_field::rows_pending, {.code = code, .value = pending});
        put(gpu_field::rows_failed, {.code = code, .value = failed});
    }

    void put_use() {
        const NvmlCalls& calls = nvml_.calls();
        nvmlMemory_t memory{};
        const nvmlReturn_t code = calls.nvmlDeviceGetMemoryInfo == nullptr
                                      ? NVML_ERROR_FUNCTION_NOT_FOUND
                                      : calls.nvmlDeviceGetMemoryInfo(device_, &memory);
        put(gpu_field::memory_used, {.code = code, .value = static_cast<std::int64_t>(memory.used)});
        put(gpu_field::memory_total, {.code = code, .value = static_cast<std::int64_t>(memory.total)});
        put(gpu_field::other_processes, other_processes(calls, device_));
        put(gpu_field::persistence, ask(calls.nvmlDeviceGetPersistenceMode, device_));
    }

    [[nodiscard]] GpuMoment take() { return std::move(moment_); }

private:
    const Nvml& nvml_;
    nvmlDevice_t device_;
    GpuMoment moment_;
};

}  // namespace

std::optional<std::int64_t> GpuMoment::value(std::string_view field) const {
    const auto found = values.find(field);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

GpuMoment read_gpu_moment(const Nvml& nvml, nvmlDevice_t device) {
    Reader reader(nvml, device);
    reader.put_clocks_and_heat();
    reader.put_link();
    reader.put_errors();
    reader.put_use();
    return reader.take();
}

Facts facts_of(const GpuMoment& moment) {
    Facts facts;
    for (const auto& [field, value] : moment.values) facts["gpu." + std::string(field)] = value;
    std::string absent;
    for (const auto& [field, words] : moment.absent) {
        absent += (absent.empty() ? "" : "; ") + std::string(field) + ": " + words;
    }
    if (!absent.empty()) facts["gpu.absent"] = absent;
    return facts;
}

std::string held_back_by(std::int64_t bits) {
    struct Reason {
        std::int64_t bit;
        std::string_view words;
    };
    constexpr std::array<Reason, 4> reasons = {
        Reason{static_cast<std::int64_t>(nvmlClocksThrottleReasonHwSlowdown), "hardware slowdown"},
        Reason{static_cast<std::int64_t>(nvmlClocksEventReasonSwThermalSlowdown), "hot, by the driver"},
        Reason{static_cast<std::int64_t>(nvmlClocksThrottleReasonHwThermalSlowdown), "hot, by the hardware"},
        Reason{static_cast<std::int64_t>(nvmlClocksThrottleReasonHwPowerBrakeSlowdown), "power brake"},
    };
    std::string text;
    for (const Reason& reason : reasons) {
        if ((bits & reason.bit) != 0) text += (text.empty() ? "" : ", ") + std::string(reason.words);
    }
    return text;
}

}  // namespace passbench
