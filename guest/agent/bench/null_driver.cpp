// The null driver: a CUDA driver of which every call returns success at once and does nothing, so that what an iteration still
// costs is our layer. For passbench-driver-overhead alone, never installed. It says that it simulates: no record made with it
// could pass for a measurement.
#include <cstdlib>
#include <string_view>
#include <type_traits>

#include "harness/core/clock.hpp"
#include "kernels/cuda/driver.hpp"
#include "kernels/emulation/simulation.h"

namespace {

template <typename Function>
struct Nothing;
template <typename... Arguments>
struct Nothing<CUresult(Arguments...)> {
    static CUresult call(Arguments...) { return CUDA_SUCCESS; }
};

CUresult one_device(int* count) {
    *count = 1;
    return CUDA_SUCCESS;
}

// Enough for whatever a case asks for.
CUresult much_memory(std::size_t* free_bytes, std::size_t* total_bytes) {
    *free_bytes = *total_bytes = std::size_t{64} << 30;
    return CUDA_SUCCESS;
}

// The host writes its inputs there.
CUresult host_memory(void** address, std::size_t size_bytes) {
    *address = std::malloc(size_bytes);
    return *address == nullptr ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

CUresult host_memory_of_a_kind(void** address, std::size_t size_bytes, unsigned /*flags*/) {
    return host_memory(address, size_bytes);
}

CUresult free_host_memory(void* address) {
    std::free(address);
    return CUDA_SUCCESS;
}

unsigned& context_flags() {
    static unsigned flags = 0;
    return flags;
}
CUresult set_context_flags(CUdevice /*device*/, unsigned flags) {
    context_flags() = flags;
    return CUDA_SUCCESS;
}
CUresult give_context_flags(unsigned* flags) {
    *flags = context_flags();
    return CUDA_SUCCESS;
}

template <typename Function>
void* address_of(Function* function) {
    return reinterpret_cast<void*>(function);
}

void* find(std::string_view name) {
    if (name == "cuDeviceGetCount") return address_of(&one_device);
    if (name == "cuMemGetInfo") return address_of(&much_memory);
    if (name == "cuDevicePrimaryCtxSetFlags") return address_of(&set_context_flags);
    if (name == "cuCtxGetFlags") return address_of(&give_context_flags);
    if (name == "cuMemAllocHost") return address_of(&host_memory);
    if (name == "cuMemHostAlloc") return address_of(&host_memory_of_a_kind);
    if (name == "cuMemFreeHost") return address_of(&free_host_memory);
#define PASSBENCH_NOTHING(function, version) \
    if (name == #function) return address_of(&Nothing<std::remove_pointer_t<decltype(&::function)>>::call);
    PASSBENCH_DRIVER_CALLS(PASSBENCH_NOTHING)
#undef PASSBENCH_NOTHING
    return nullptr;
}

}  // namespace

extern "C" {

const char passbench_simulated[] = "null driver of passbench";

void passbench_simulate(std::uint64_t /*seed*/, double /*inject_host*/, double /*inject_device*/) {}

// Real time: what is measured here is what our code costs the processor.
std::int64_t passbench_virtual_ns() { return passbench::steady_ns(); }

PASSBENCH_SIMULATION_EXPORT CUresult cuGetProcAddress_v2(const char* symbol, void** pfn, int /*version*/,
                                                         cuuint64_t /*flags*/,
                                                         CUdriverProcAddressQueryResult* /*status*/) {
    *pfn = find(symbol);
    return *pfn == nullptr ? CUDA_ERROR_NOT_FOUND : CUDA_SUCCESS;
}
}
