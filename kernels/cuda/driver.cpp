#include "kernels/cuda/driver.hpp"

#include <fmt/core.h>

#include "harness/core/open_library.hpp"
#include "kernels/cuda/driver_places.hpp"
#include "kernels/cuda/driver_trouble.hpp"

namespace passbench {

namespace {

OpenLibrary open_driver(const std::string& chosen) {
    if (!chosen.empty()) return open_shared_library(chosen);
    std::string words;
    for (const char* place : driver_places) {
        OpenLibrary library = open_shared_library(place);
        if (library.handle != nullptr) return library;
        if (!library.words.empty()) words += (words.empty() ? "" : "; ") + library.words;
    }
    return {.handle = nullptr, .words = words};
}

// The forms of cuGetProcAddress: the first one has no last argument.
using GetProcAddress = CUresult(CUDAAPI*)(const char*, void**, int, cuuint64_t, CUdriverProcAddressQueryResult*);

/// Finds functions by cuGetProcAddress where the driver has it (cuGetProcAddress_v2, 12.0 and later), else by their exported names.
class Lookup {
public:
    explicit Lookup(void* library) : library_(library), get_(symbol<GetProcAddress>(library, "cuGetProcAddress_v2")) {}

    /// `name` as the documentation spells it, `exported` with the suffix that <cuda.h> gives it.
    template <typename Function>
    void find(Function& function, const char* name, const char* exported, int version) {
        void* found = nullptr;
        CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SUCCESS;
        const bool is_told =
            get_ != nullptr && get_(name, &found, version, CU_GET_PROC_ADDRESS_DEFAULT, &status) == CUDA_SUCCESS;
        if (!is_told || found == nullptr) found = find_symbol(library_, exported);
        function = reinterpret_cast<Function>(found);
        if (function == nullptr && missing_.empty()) missing_ = name;
    }
    [[nodiscard]] const std::string& missing() const { return missing_; }

private:
    void* library_;
    GetProcAddress get_;
    std::string missing_;
};

#define PASSBENCH_TEXT_OF(words) #words
#define PASSBENCH_EXPANDED_TEXT_OF(words) PASSBENCH_TEXT_OF(words)

/// The name of the first function that is missing; empty where none is.
std::string find_calls(void* library, DriverCalls& calls) {
    Lookup lookup(library);
#define PASSBENCH_FIND(function, version) \
    lookup.find(calls.function, #function, PASSBENCH_EXPANDED_TEXT_OF(function), version);
    PASSBENCH_DRIVER_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return lookup.missing();
}

}  // namespace

Result<std::shared_ptr<const Driver>> Driver::load(const DriverChoice& choice) {
    const OpenLibrary library = open_driver(choice.library);
    if (library.handle == nullptr) return fail(no_driver_library(library.words));

    std::shared_ptr<Driver> driver(new Driver());
    driver->simulated_ = find_symbol(library.handle, "passbench_simulated") != nullptr;
    if (!choice.library.empty() && !driver->simulated_) return fail(not_a_stand_in(choice.library));
    if (driver->simulated_) {
        using Simulate = void (*)(std::uint64_t, double, double);
        const auto simulate = symbol<Simulate>(library.handle, "passbench_simulate");
        driver->clock_ = symbol<WallClock>(library.handle, "passbench_virtual_ns");
        if (simulate == nullptr || driver->clock_ == nullptr) return fail(not_a_stand_in(choice.library));
        simulate(choice.seed, choice.inject_host, choice.inject_device);
    }
    if (const std::string missing = find_calls(library.handle, driver->calls_); !missing.empty()) {
        return fail(driver_without(missing));
    }
    const DriverCalls& calls = driver->calls_;
    calls.cuDriverGetVersion(&driver->api_version_);
    if (const CUresult result = calls.cuInit(0); result != CUDA_SUCCESS) {
        return fail(driver_does_not_start(result, driver->check(result, "starting the CUDA driver").error().what));
    }
    int devices = 0;
    PASSBENCH_CHECK(driver->check(calls.cuDeviceGetCount(&devices), "counting the CUDA devices"));
    if (devices == 0) return fail(driver_does_not_start(CUDA_ERROR_NO_DEVICE, "the CUDA driver sees no device"));
    return driver;
}

Result<void> Driver::check(CUresult result, std::string_view doing) const {
    if (result == CUDA_SUCCESS) return {};
    const char* name = nullptr;
    const char* words = nullptr;
    calls_.cuGetErrorName(result, &name);
    calls_.cuGetErrorString(result, &words);
    // A code that this driver does not know itself gets neither name nor words.
    return fail(device_trouble(
        result, fmt::format("{} failed: {} ({}{}{})", doing, words == nullptr ? "unknown error" : words,
                            name == nullptr ? "code" : name, name == nullptr ? " " : " = ", static_cast<int>(result))));
}

}  // namespace passbench
