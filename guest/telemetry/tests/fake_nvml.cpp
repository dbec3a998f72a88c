#include "guest/telemetry/tests/fake_nvml.hpp"

#include <cstring>

namespace passbench {

FakeCard& fake_card() {
    static FakeCard card;
    return card;
}

namespace {

template <typename Number, typename Value>
nvmlReturn_t answer(Number* number, Value value) {
    FakeCard& card = fake_card();
    ++card.asked;
    if (card.lost) return NVML_ERROR_GPU_IS_LOST;
    *number = static_cast<Number>(value);
    return NVML_SUCCESS;
}

NvmlCalls calls_of_every_library() {
    NvmlCalls calls;
    calls.nvmlInit_v2 = [] { return NVML_SUCCESS; };
    calls.nvmlErrorString = [](nvmlReturn_t code) {
        return code == NVML_ERROR_NOT_SUPPORTED ? "Not Supported" : "Other Error";
    };
    calls.nvmlDeviceGetCount_v2 = [](unsigned* count) {
        *count = 1;
        return NVML_SUCCESS;
    };
    calls.nvmlDeviceGetHandleByIndex_v2 = [](unsigned, nvmlDevice_t* device) {
        *device = nullptr;
        return NVML_SUCCESS;
    };
    return calls;
}

}  // namespace

std::shared_ptr<const Nvml> fake_nvml() {
    fake_card() = {};
    NvmlCalls calls = calls_of_every_library();
    calls.nvmlSystemGetDriverVersion = [](char* text, unsigned) {
        std::strcpy(text, "580.95.05");
        return NVML_SUCCESS;
    };
    calls.nvmlDeviceGetHandleByUUID = [](const char* uuid, nvmlDevice_t* device) {
        if (fake_card().lost) return NVML_ERROR_GPU_IS_LOST;
        *device = nullptr;
        return std::strcmp(uuid, fake_uuid) == 0 ? NVML_SUCCESS : NVML_ERROR_NOT_FOUND;
    };
    calls.nvmlDeviceGetClockInfo = [](nvmlDevice_t, nvmlClockType_t, unsigned* mhz) {
        return answer(mhz, fake_card().sm_clock);
    };
    calls.nvmlDeviceGetCurrentClocksEventReasons = [](nvmlDevice_t, unsigned long long* reasons) {
        return answer(reasons, fake_card().reasons);
    };
    calls.nvmlDeviceGetTemperature = [](nvmlDevice_t, nvmlTemperatureSensors_t, unsigned* degrees) {
        return answer(degrees, fake_card().temperature);
    };
    calls.nvmlDeviceGetTemperatureThreshold = [](nvmlDevice_t, nvmlTemperatureThresholds_t, unsigned* degrees) {
        return answer(degrees, fake_card().slowdown_temperature);
    };
    calls.nvmlDeviceGetPowerUsage = [](nvmlDevice_t, unsigned* milliwatts) {
        return fake_card().has_power ? answer(milliwatts, fake_card().power_mw) : NVML_ERROR_NOT_SUPPORTED;
    };
    calls.nvmlDeviceGetCurrPcieLinkWidth = [](nvmlDevice_t, unsigned* lanes) {
        return answer(lanes, fake_card().width);
    };
    calls.nvmlDeviceGetMaxPcieLinkWidth = [](nvmlDevice_t, unsigned* lanes) { return answer(lanes, 16); };
    calls.nvmlDeviceGetCurrPcieLinkGeneration = [](nvmlDevice_t, unsigned* generation) {
        return answer(generation, fake_card().generation);
    };
    calls.nvmlDeviceGetMaxPcieLinkGeneration = [](nvmlDevice_t, unsigned* generation) { return answer(generation, 3); };
    calls.nvmlDeviceGetTotalEccErrors = [](nvmlDevice_t, nvmlMemoryErrorType_t, nvmlEccCounterType_t,
                                           unsigned long long* errors) {
        return answer(errors, fake_card().uncorrected);
    };
    calls.nvmlDeviceGetMemoryInfo = [](nvmlDevice_t, nvmlMemory_t* memory) {
        return answer(&memory->used, fake_card().used_bytes);
    };
    return *Nvml::start(calls);
}

std::shared_ptr<const Nvml> fake_old_nvml() { return *Nvml::start(calls_of_every_library()); }

}  // namespace passbench
