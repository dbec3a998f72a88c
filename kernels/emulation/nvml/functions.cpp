// Entry points of the stand-in NVML: those that the agent calls, about one card that is invented (simulated_card.hpp).
#include <algorithm>
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

/// What everything that sets does: `change(card, state)` says what is kept then.
template <typename Change>
nvmlReturn_t set_of_card(const char* function, nvmlDevice_t device, const Change& change) noexcept {
    return of_card(function, device, [&](const SimulatedCard& card) {
        if (is_denied()) return NVML_ERROR_NO_PERMISSION;
        CardState state = card.state;
        if (const nvmlReturn_t code = change(state); code != NVML_SUCCESS) return code;
        return store_state(state) ? NVML_SUCCESS : NVML_ERROR_NO_PERMISSION;
    });
}

template <std::size_t Size>
nvmlReturn_t list_of_card(const char* function, nvmlDevice_t device, const std::array<unsigned, Size>& list,
                          unsigned* count, unsigned* numbers) noexcept {
    return of_card(function, device, [&](const SimulatedCard& /*card*/) {
        if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        const unsigned room = *count;
        *count = Size;
        if (numbers == nullptr || room < Size) return NVML_ERROR_INSUFFICIENT_SIZE;
        std::copy(list.begin(), list.end(), numbers);
        return NVML_SUCCESS;
    });
}

bool has_clock(const auto& clocks, unsigned mhz) {
    return std::find(clocks.begin(), clocks.end(), mhz) != clocks.end();
}

nvmlReturn_t copy_text(std::string_view text, char* to, unsigned length) {
    if (to == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (length <= text.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::memcpy(to, text.data(), text.size());
    to[text.size()] = '\0';
    return NVML_SUCCESS;
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
        case NVML_ERROR_NO_PERMISSION:
            return "Insufficient Permissions";
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
    return copy_text("simulated", version, length);
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
    return of_card(__func__, device, [&](const SimulatedCard& card) {
        if (mode == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *mode = card.state.persistence ? NVML_FEATURE_ENABLED : NVML_FEATURE_DISABLED;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char* uuid, unsigned length) {
    return of_card(__func__, device, [&](const SimulatedCard& /*card*/) { return copy_text(card_uuid, uuid, length); });
}

nvmlReturn_t nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t device, unsigned* count, unsigned* clocks) {
    return list_of_card(__func__, device, memory_clocks_mhz, count, clocks);
}

nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t device, unsigned memory_clock, unsigned* count,
                                                  unsigned* clocks) {
    if (!has_clock(memory_clocks_mhz, memory_clock)) return NVML_ERROR_NOT_FOUND;
    return list_of_card(__func__, device, graphics_clocks_mhz, count, clocks);
}

// A real one takes a range and rounds; who sets here is held to what it was told.
nvmlReturn_t nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned lowest, unsigned highest) {
    return set_of_card(__func__, device, [&](CardState& state) {
        if (lowest != highest || !has_clock(graphics_clocks_mhz, lowest)) return NVML_ERROR_INVALID_ARGUMENT;
        state.locked_mhz = lowest;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device) {
    return set_of_card(__func__, device, [&](CardState& state) {
        state.locked_mhz = 0;
        return NVML_SUCCESS;
    });
}

nvmlReturn_t nvmlDeviceSetPersistenceMode(nvmlDevice_t device, nvmlEnableState_t mode) {
    return set_of_card(__func__, device, [&](CardState& state) {
        if (mode != NVML_FEATURE_ENABLED && mode != NVML_FEATURE_DISABLED) return NVML_ERROR_INVALID_ARGUMENT;
        state.persistence = mode == NVML_FEATURE_ENABLED;
        return NVML_SUCCESS;
    });
}
}

}  // namespace passbench::emulation
