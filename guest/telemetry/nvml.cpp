#include "guest/telemetry/nvml.hpp"

#include <array>

#include <fmt/core.h>

#include "harness/core/findings.hpp"
#include "harness/core/open_library.hpp"

namespace passbench {
namespace {

#ifdef _WIN32
// Where the loader looks: the display driver puts it beside the system's own.
constexpr std::array<const char*, 1> nvml_places = {"nvml.dll"};
#else
constexpr std::array<const char*, 2> nvml_places = {"libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1"};
#endif

OpenLibrary open_nvml(const std::string& chosen) {
    if (!chosen.empty()) return open_shared_library(chosen);
    OpenLibrary library;
    for (const char* const place : nvml_places) {
        OpenLibrary tried = open_shared_library(place);
        if (tried.handle != nullptr) return tried;
        library.words += (library.words.empty() ? "" : "; ") + tried.words;
    }
    return library;
}

NvmlCalls find_calls(void* library) {
    NvmlCalls calls;
#define PASSBENCH_FIND(function) calls.function = symbol<decltype(calls.function)>(library, #function);
    PASSBENCH_NVML_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return calls;
}

Error unusable(std::string what) {
    return {.code = ErrorCode::unsupported,
            .what = std::move(what),
            .where = {},
            .fix =
                "Clocks, temperatures and errors of the card are not watched without it; install NVML of the "
                "driver's version (libnvidia-ml.so.1)."};
}

}  // namespace

Result<std::shared_ptr<const Nvml>> Nvml::load(const std::string& stand_in) {
    const OpenLibrary opened = open_nvml(stand_in);
    if (opened.handle == nullptr) return fail(unusable("NVML does not load: " + opened.words));
    if (!stand_in.empty() && find_symbol(opened.handle, "passbench_simulated") == nullptr) {
        return fail(unusable(stand_in + " is no stand-in, and only that may watch a simulated device"));
    }
    return start(find_calls(opened.handle));
}

Result<std::shared_ptr<const Nvml>> Nvml::start(const NvmlCalls& calls) {
    const std::shared_ptr<const Nvml> nvml(new Nvml(calls));
    if (calls.nvmlInit_v2 == nullptr || calls.nvmlDeviceGetCount_v2 == nullptr ||
        calls.nvmlDeviceGetHandleByIndex_v2 == nullptr) {
        return fail(unusable("this NVML lacks functions that every version since 2012 has"));
    }
    if (const nvmlReturn_t started = calls.nvmlInit_v2(); started != NVML_SUCCESS) {
        return fail(unusable("NVML does not start: " + nvml->words_of(started)));
    }
    return nvml;
}

std::string Nvml::driver_version() const {
    std::array<char, NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE> text{};
    if (calls_.nvmlSystemGetDriverVersion == nullptr ||
        calls_.nvmlSystemGetDriverVersion(text.data(), static_cast<unsigned>(text.size())) != NVML_SUCCESS) {
        return {};
    }
    return text.data();
}

std::string Nvml::words_of(nvmlReturn_t code) const {
    const char* const words = calls_.nvmlErrorString == nullptr ? nullptr : calls_.nvmlErrorString(code);
    return words == nullptr ? fmt::format("code {}", static_cast<int>(code)) : words;
}

Result<nvmlDevice_t> Nvml::find_device(const std::string& uuid) const {
    nvmlDevice_t device = nullptr;
    if (!uuid.empty() && calls_.nvmlDeviceGetHandleByUUID != nullptr) {
        const nvmlReturn_t found = calls_.nvmlDeviceGetHandleByUUID(uuid.c_str(), &device);
        if (found == NVML_SUCCESS) return device;
        if (found == NVML_ERROR_GPU_IS_LOST) {
            return fail(catalogued_error(ErrorCode::device_lost, "NVML says that the card " + uuid + " is lost",
                                         "gpu.device_lost"));
        }
    }
    unsigned count = 0;
    if (const nvmlReturn_t counted = calls_.nvmlDeviceGetCount_v2(&count); counted != NVML_SUCCESS) {
        return fail(unusable("NVML does not count its devices: " + words_of(counted)));
    }
    if (count != 1) return fail(unusable(fmt::format("NVML knows {} devices, and none by the name {}", count, uuid)));
    if (const nvmlReturn_t opened = calls_.nvmlDeviceGetHandleByIndex_v2(0, &device); opened != NVML_SUCCESS) {
        return fail(unusable("NVML does not open the device: " + words_of(opened)));
    }
    return device;
}

}  // namespace passbench
