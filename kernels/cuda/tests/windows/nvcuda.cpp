// nvcuda.dll for the test of the loader on Windows: a driver of one card on which every call succeeds and does nothing. It does
// not say that it simulates, as NVIDIA's does not; it never leaves the folder of that test.
#include <algorithm>
#include <string_view>
#include <type_traits>

#include "kernels/cuda/driver.hpp"

namespace {

template <typename Function>
struct Nothing;
template <typename... Arguments>
struct Nothing<CUresult(Arguments...)> {
    static CUresult CUDAAPI call(Arguments...) { return CUDA_SUCCESS; }
};

CUresult CUDAAPI version(int* version) {
    *version = 12080;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI one_device(int* count) {
    *count = 1;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI device_name(char* name, int length, CUdevice /*device*/) {
    constexpr std::string_view text = "card of the test";
    const auto count = std::min(text.size(), static_cast<std::size_t>(length) - 1);
    *std::copy_n(text.begin(), count, name) = '\0';
    return CUDA_SUCCESS;
}

template <typename Function>
void* address_of(Function* function) {
    return reinterpret_cast<void*>(function);
}

void* find(std::string_view name) {
    if (name == "cuDriverGetVersion") return address_of(&version);
    if (name == "cuDeviceGetCount") return address_of(&one_device);
    if (name == "cuDeviceGetName") return address_of(&device_name);
#define PASSBENCH_NOTHING(function, version) \
    if (name == #function) return address_of(&Nothing<std::remove_pointer_t<decltype(&::function)>>::call);
    PASSBENCH_DRIVER_CALLS(PASSBENCH_NOTHING)
#undef PASSBENCH_NOTHING
    return nullptr;
}

}  // namespace

extern "C" CUresult CUDAAPI cuGetProcAddress_v2(const char* symbol, void** pfn, int /*version*/, cuuint64_t /*flags*/,
                                                CUdriverProcAddressQueryResult* /*status*/) {
    *pfn = find(symbol);
    return *pfn == nullptr ? CUDA_ERROR_NOT_FOUND : CUDA_SUCCESS;
}
