// Entry points of the stand-in NVML: those that the agent calls, about one card that is invented (simulated_card.hpp).
#include <array>
#include <cstdio>
#include <cstring>
#include <nvml.h>
#include <string_view>
#include <unistd.h>

#include "kernels/emulation/nvml/simulated_card.hpp"

namespace passbench::emulation {

namespace {

// As cuDeviceGetUuid has it.
constexpr std::string_view card_uuid = "GPU-70617373-6265-6e63-682d-73696d2d3030";

/// The only one there is; its address is all that it has.
nvmlDevice_t card_handle() {
    static int card = 0;
    return reinterpret_cast<nvmlDevice_t>(&card);
}

/// What every question about the card begins with; `say(card)` answers it.
template <typename Say>
nvmlReturn_t of_card(const char* function, nvmlDevice_t device, const Say& say) noexcept {
    try {
        if (device != card_handle()) return NVML_ERROR_INVALID_ARGUMENT;
        if (is_unsupported(function)) return NVML_ERROR_NOT_SUPPORTED;
        const SimulatedCard card = observe_card();
        if (card.is_lost) return NVML_ERROR_GPU_IS_LOST;
        return say(card);
    } catch (...) {
        return NVML_ERROR_UNKNOWN;
    }
}

template <typename Number>
nvmlReturn_t number_of_card(const char* function, nvmlDevice_t device, Number* number,
                            Number SimulatedCard::*member) noexcept {
    return of_card(function, device, [&](const SimulatedCard& card) {
        if (number == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *number = card.*member;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t find_card(const char* function, nvmlDevice_t* device) noexcept {
    return of_card(function, card_handle(), [&](const SimulatedCard& /*card*/) {
        if (device == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *device = card_handle();
        return NVML_SUCCESS;
    });
}

}  // namespace

extern "C" {

extern const char passbench_simulated[];
const char passbench_simulated[] = "stand-in NVML of passbench";

nvmlReturn_t nvmlInit_v2(void) {
    try {
        const std::string wrong = load_faults();
        if (wrong.empty()) return NVML_SUCCESS;
        std::fprintf(stderr, "simulated NVML: %s\n", wrong.c_str());
    } catch (...) {
    }
    return NVML_ERROR_UNKNOWN;
}

const char* nvmlErrorString(nvmlReturn_t result) {
    switch (result) {
        case NVML_SUCCESS:
            return "Success";
        case NVML_ERROR_INVALID_ARGUMENT:
            return "Invalid Argument";
        case NVML_ERROR_NOT_SUPPORTED:
            return "Not Supported";
        case NVML_ERROR_NOT_FOUND:
            return "Not Found";
        case NVML_ERROR_INSUFFICIENT_SIZE:
            return "Insufficient Size";
        case NVML_ERROR_GPU_IS_LOST:
            return "GPU is lost";
        default:
            return "Unknown Error";
    }
}

nvmlReturn_t nvmlSystemGetDriverVersion(char* version, unsigned length) {
    if (is_unsupported(__func__)) return NVML_ERROR_NOT_SUPPORTED;
    constexpr std::string_view text = "simulated";
    if (version == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (length <= text.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::memcpy(version, text.data(), text.size());
    version[text.size()] = '\0';
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned* count) {
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *count = 1;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
    return index == 0 ? find_card(__func__, device) : NVML_ERROR_INVALID_ARGUMENT;
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
    if (uuid == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return uuid == card_uuid ? find_card(__func__, device) : NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, nvmlClockType_t type, unsigned* clock) {
    return number_of_card(__func__, device, clock,
                          type == NVML_CLOCK_MEM ? &SimulatedCard::memory_clock_mhz : &SimulatedCard::sm_clock_mhz);
}

nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, nvmlClockType_t type, unsigned* clock) {
    if (type == NVML_CLOCK_MEM) return NVML_ERROR_NOT_SUPPORTED;
    return number_of_card(__func__, device, clock, &SimulatedCard::sm_clock_max_mhz);
}

nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device, unsigned long long* reasons) {
    return number_of_card(__func__, device, reasons, &SimulatedCard::clock_reasons);
}

nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device, unsigned long long* reasons) {
    return number_of_card(__func__, device, reasons, &SimulatedCard::clock_reasons);
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t /*sensor*/, unsigned* degrees) {
    return number_of_card(__func__, device, degrees, &SimulatedCard::temperature_c);
}

nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t device, nvmlTemperatureThresholds_t threshold,
                                               unsigned* degrees) {
    if (threshold != NVML_TEMPERATURE_THRESHOLD_SLOWDOWN) return NVML_ERROR_NOT_SUPPORTED;
    return number_of_card(__func__, device, degrees, &SimulatedCard::slowdown_temperature_c);
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned* power) {
    return number_of_card(__func__, device, power, &SimulatedCard::power_mw);
}

nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned* limit) {
    return number_of_card(__func__, device, limit, &SimulatedCard::power_limit_mw);
}

nvmlReturn_t nvmlDeviceGetCurrPcieLinkGeneration(nvmlDevice_t device, unsigned* generation) {
    return number_of_card(__func__, device, generation, &SimulatedCard::link_generation);
}

nvmlReturn_t nvmlDeviceGetCurrPcieLinkWidth(nvmlDevice_t device, unsigned* width) {
    return number_of_card(__func__, device, width, &SimulatedCard::link_width);
}

nvmlReturn_t nvmlDeviceGetMaxPcieLinkGeneration(nvmlDevice_t device, unsigned* generation) {
    return number_of_card(__func__, device, generation, &SimulatedCard::link_generation_max);
}

nvmlReturn_t nvmlDeviceGetMaxPcieLinkWidth(nvmlDevice_t device, unsigned* width) {
    return number_of_card(__func__, device, width, &SimulatedCard::link_width_max);
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t type,
                                         nvmlEccCounterType_t /*counter*/, unsigned long long* errors) {
    return of_card(__func__, device, [&](const SimulatedCard& card) {
        if (errors == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *errors = type == NVML_MEMORY_ERROR_TYPE_UNCORRECTED ? card.uncorrected_errors : 0;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetRetiredPagesPendingStatus(nvmlDevice_t device, nvmlEnableState_t* pending) {
    return of_card(__func__, device, [&](const SimulatedCard& /*card*/) {
        if (pending == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *pending = NVML_FEATURE_DISABLED;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned* corrected, unsigned* uncorrected,
                                       unsigned* pending, unsigned* failed) {
    return of_card(__func__, device, [&](const SimulatedCard& /*card*/) {
        for (unsigned* number : {corrected, uncorrected, pending, failed}) {
            if (number == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
            *number = 0;
        }
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t* memory) {
    return of_card(__func__, device, [&](const SimulatedCard& card) {
        if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *memory = {.total = card.memory_bytes, .free = card.memory_bytes - card.used_bytes, .used = card.used_bytes};
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned* count, nvmlProcessInfo_t* infos) {
    return of_card(__func__, device, [&](const SimulatedCard& card) {
        if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        const unsigned room = *count;
        *count = card.is_in_use ? 1 : 0;
        if (*count > room) return NVML_ERROR_INSUFFICIENT_SIZE;
        if (*count == 0) return NVML_SUCCESS;
        if (infos == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        infos[0] = {};
        infos[0].pid = static_cast<unsigned>(getpid());
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t device, nvmlEnableState_t* mode) {
    return of_card(__func__, device, [&](const SimulatedCard& /*card*/) {
        if (mode == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *mode = NVML_FEATURE_DISABLED;
        return NVML_SUCCESS;
    });
}
}

}  // namespace passbench::emulation
