// Entry points about the driver and its one device, which is invented: no card has this name or these numbers.
#include <array>
#include <cstdio>
#include <cstring>
#include <map>
#include <string_view>

#include "kernels/emulation/device_thread.hpp"
#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

namespace {

constexpr std::string_view device_name = "simulated GPU";
constexpr const char* device_bus_id = "0000:06:00.0";
constexpr std::array<unsigned char, 16> device_uuid = {'p', 'a', 's', 's', 'b', 'e', 'n', 'c',
                                                       'h', '-', 's', 'i', 'm', '-', '0', '0'};

const std::map<CUdevice_attribute, int>& attributes() {
    static const std::map<CUdevice_attribute, int> values = {
        {CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK, most_threads_a_block},
        {CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X, 1024},
        {CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y, 1024},
        {CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z, 64},
        {CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X, 2147483647},
        {CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y, 65535},
        {CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z, 65535},
        {CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK, usual_shared_bytes},
        {CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, most_shared_bytes},
        {CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR, most_shared_bytes},
        {CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY, 64 << 10},
        {CU_DEVICE_ATTRIBUTE_WARP_SIZE, static_cast<int>(warp_threads)},
        {CU_DEVICE_ATTRIBUTE_MAX_PITCH, 2147483647},
        {CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK, 65536},
        {CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR, 65536},
        {CU_DEVICE_ATTRIBUTE_CLOCK_RATE, static_cast<int>(cost_model.sm_clock_ghz * 1e6)},  // kHz
        {CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT, 512},
        {CU_DEVICE_ATTRIBUTE_GPU_OVERLAP, 1},
        {CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, static_cast<int>(cost_model.multiprocessors)},
        {CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT, 0},
        {CU_DEVICE_ATTRIBUTE_INTEGRATED, 0},
        {CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY, 1},
        {CU_DEVICE_ATTRIBUTE_COMPUTE_MODE, CU_COMPUTEMODE_DEFAULT},
        {CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS, 1},
        {CU_DEVICE_ATTRIBUTE_ECC_ENABLED, 1},
        {CU_DEVICE_ATTRIBUTE_PCI_BUS_ID, 6},
        {CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID, 0},
        {CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID, 0},
        {CU_DEVICE_ATTRIBUTE_TCC_DRIVER, 0},
        // 200 GB/s, as the cost model has it, from two transfers a clock on 256 bits
        {CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE, 3'125'000},
        {CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH, 256},
        {CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, 2 << 20},
        {CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR, static_cast<int>(cost_model.threads_a_multiprocessor)},
        {CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR, 16},
        {CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT, 2},
        {CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING, 1},
        {CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 7},
        {CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, 5},
        {CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED, 1},
        {CU_DEVICE_ATTRIBUTE_GLOBAL_L1_CACHE_SUPPORTED, 1},
        {CU_DEVICE_ATTRIBUTE_LOCAL_L1_CACHE_SUPPORTED, 1},
        {CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY, 1},
        {CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, 1},
        {CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS, 0},
        {CU_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED, 0},
        {CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM, 1},
        {CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED, 1},
        {CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, 1},
        {CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED, 1},
        {CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO, 32},
    };
    return values;
}

/// What kernels are compiled for (CMakeLists.txt).
bool runs_kernels_here() {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return true;
    std::fputs("simulated CUDA device: its kernels need a processor with AVX2 and FMA, which this one has not\n",
               stderr);
    return false;
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuInit(unsigned int flags) {
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    if (!runs_kernels_here()) return CUDA_ERROR_NO_DEVICE;
    const CUresult outcome = driver().faults.load();
    if (const auto odd = driver().faults.odd_code(__func__)) return *odd;
    const Faults::Memory memory = driver().faults.memory();
    driver().memory.resize(memory.capacity_bytes, memory.used_bytes, memory.resident_bytes);
    driver().initialised = outcome == CUDA_SUCCESS;
    return outcome;
}

PASSBENCH_DRIVER_API CUresult cuDriverGetVersion(int* version) {  // before cuInit too
    if (version == nullptr) return CUDA_ERROR_INVALID_VALUE;
    if (const CUresult outcome = driver().faults.load(); outcome == CUDA_ERROR_UNKNOWN) return outcome;
    if (const auto odd = driver().faults.odd_code(__func__)) return *odd;
    constexpr int old_version = 12020;
    *version = driver().faults.old_driver() ? old_version : CUDA_VERSION;
    return CUDA_SUCCESS;
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetCount(int* count) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (count == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *count = 1;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (device == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (ordinal != 0) return CUDA_ERROR_INVALID_DEVICE;
        *device = 0;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetName(char* name, int len, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (name == nullptr || len <= 0) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        std::snprintf(name, static_cast<std::size_t>(len), "%s", device_name.data());
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetUuid_v2(CUuuid* uuid, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (uuid == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        std::memcpy(uuid->bytes, device_uuid.data(), device_uuid.size());
        return CUDA_SUCCESS;
    });
}

#undef cuDeviceGetUuid
PASSBENCH_DRIVER_API CUresult cuDeviceGetUuid(CUuuid* uuid, CUdevice dev) { return cuDeviceGetUuid_v2(uuid, dev); }

PASSBENCH_DRIVER_API CUresult cuDeviceTotalMem_v2(std::size_t* bytes, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (bytes == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        *bytes = driver().memory.capacity_bytes();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetAttribute(int* pi, CUdevice_attribute attrib, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (pi == nullptr || attrib <= 0 || attrib >= CU_DEVICE_ATTRIBUTE_MAX) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const auto found = attributes().find(attrib);
        *pi = found == attributes().end() ? 0 : found->second;  // what it does not have
        if (attrib == CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS && driver().faults.no_concurrent_access()) *pi = 0;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice dev) {
    if (major == nullptr || minor == nullptr) return CUDA_ERROR_INVALID_VALUE;
    const CUresult outcome = cuDeviceGetAttribute(major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, dev);
    if (outcome != CUDA_SUCCESS) return outcome;
    return cuDeviceGetAttribute(minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, dev);
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetPCIBusId(char* bus_id, int len, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (bus_id == nullptr || len <= static_cast<int>(std::strlen(device_bus_id))) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        std::snprintf(bus_id, static_cast<std::size_t>(len), "%s", device_bus_id);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDeviceGetByPCIBusId(CUdevice* dev, const char* bus_id) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (dev == nullptr || bus_id == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (std::strcmp(bus_id, device_bus_id) != 0) return CUDA_ERROR_INVALID_DEVICE;
        *dev = 0;
        return CUDA_SUCCESS;
    });
}

}  // namespace passbench::emulation
