// What programs look for in a driver: names, attributes, contexts, codes.
#include <algorithm>
#include <cstring>
#include <fstream>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

class DriverApi : public StandIn {};

TEST_F(DriverApi, SaysThatItIsSimulated) {
    EXPECT_STREQ(passbench_simulated, "stand-in CUDA driver of passbench");
    std::array<char, 100> name = {};
    PASSBENCH_CUDA_OK(cuDeviceGetName(name.data(), name.size(), 0));
    EXPECT_STREQ(name.data(), "simulated GPU");
    CUuuid uuid;
    PASSBENCH_CUDA_OK(cuDeviceGetUuid(&uuid, 0));
    EXPECT_EQ(std::memcmp(uuid.bytes, "passbench-sim", 13), 0);
}

TEST_F(DriverApi, HasOneDeviceWithSensibleLimits) {
    int count = 0;
    PASSBENCH_CUDA_OK(cuDeviceGetCount(&count));
    EXPECT_EQ(count, 1);
    CUdevice device = 7;
    EXPECT_EQ(cuDeviceGet(&device, 1), CUDA_ERROR_INVALID_DEVICE);
    PASSBENCH_CUDA_OK(cuDeviceGet(&device, 0));
    const auto attribute = [&](CUdevice_attribute which) {
        int value = -1;
        EXPECT_EQ(cuDeviceGetAttribute(&value, which, device), CUDA_SUCCESS);
        return value;
    };
    EXPECT_EQ(attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR), 7);
    EXPECT_EQ(attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR), 5);
    EXPECT_EQ(attribute(CU_DEVICE_ATTRIBUTE_WARP_SIZE), 32);
    EXPECT_EQ(attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT), 2);
    EXPECT_EQ(attribute(CU_DEVICE_ATTRIBUTE_CLUSTER_LAUNCH), 0);
    // By name, for its declaration is deprecated.
    void* capability = nullptr;
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuDeviceComputeCapability", &capability, 13000, 0, nullptr));
    int major = 0;
    int minor = 0;
    PASSBENCH_CUDA_OK(reinterpret_cast<CUresult (*)(int*, int*, CUdevice)>(capability)(&major, &minor, 0));
    EXPECT_EQ(major * 10 + minor, 75);
    int value = 0;
    EXPECT_EQ(cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_MAX, device), CUDA_ERROR_INVALID_VALUE);
    std::array<char, 16> bus = {};
    PASSBENCH_CUDA_OK(cuDeviceGetPCIBusId(bus.data(), bus.size(), device));
    EXPECT_STREQ(bus.data(), "0000:06:00.0");
    std::size_t bytes = 0;
    PASSBENCH_CUDA_OK(cuDeviceTotalMem(&bytes, device));
    EXPECT_EQ(bytes, std::size_t{2} << 30);
}

TEST_F(DriverApi, KeepsThePrimaryContextWhileSomebodyUsesIt) {
    unsigned flags = 1;
    int active = 1;
    CUcontext first = nullptr;
    CUcontext second = nullptr;
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxSetFlags(0, CU_CTX_SCHED_SPIN));
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxGetState(0, &flags, &active));
    EXPECT_EQ(active, 0);
    EXPECT_EQ(flags, unsigned{CU_CTX_SCHED_SPIN});
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxRetain(&first, 0));
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxRetain(&second, 0));
    EXPECT_EQ(first, second);
    PASSBENCH_CUDA_OK(cuCtxPushCurrent(first));
    CUdeviceptr address = 0;
    PASSBENCH_CUDA_OK(cuMemAlloc(&address, 64));
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxRelease(0));
    PASSBENCH_CUDA_OK(cuMemsetD8(address, 0, 64));
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxRelease(0));
    EXPECT_EQ(cuDevicePrimaryCtxRelease(0), CUDA_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(cuMemAlloc(&address, 64), CUDA_ERROR_CONTEXT_IS_DESTROYED);
    CUcontext popped = nullptr;
    PASSBENCH_CUDA_OK(cuCtxPopCurrent(&popped));
    PASSBENCH_CUDA_OK(cuCtxGetCurrent(&popped));
    EXPECT_EQ(popped, context_);
    PASSBENCH_CUDA_OK(cuDevicePrimaryCtxSetFlags(0, 0));
}

TEST_F(DriverApi, NeedsAContext) {
    PASSBENCH_CUDA_OK(cuCtxSetCurrent(nullptr));
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 64), CUDA_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(cuCtxSetCurrent(reinterpret_cast<CUcontext>(&address)), CUDA_ERROR_INVALID_CONTEXT);
    PASSBENCH_CUDA_OK(cuCtxSetCurrent(context_));
}

TEST_F(DriverApi, RefusesWhatIsOutsideOfAnAllocation) {
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 0), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemAlloc(nullptr, 16), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemAlloc(&address, std::size_t{3} << 30), CUDA_ERROR_OUT_OF_MEMORY);
    PASSBENCH_CUDA_OK(cuMemAlloc(&address, 100));
    EXPECT_EQ(address % 256, 0U);
    std::array<char, 200> host = {};
    EXPECT_EQ(cuMemcpyHtoD(address, host.data(), 101), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemcpyHtoD(address + 60, host.data(), 41), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemcpyHtoD(reinterpret_cast<CUdeviceptr>(host.data()), host.data() + 100, 10),
              CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemcpyDtoH(nullptr, address, 10), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemsetD32(address + 2, 0, 1), CUDA_ERROR_INVALID_VALUE);  // not aligned
    EXPECT_EQ(cuMemsetD8(address, 0, 101), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemFree(address + 1), CUDA_ERROR_INVALID_VALUE);
    PASSBENCH_CUDA_OK(cuMemFree(address));
    EXPECT_EQ(cuMemFree(address), CUDA_ERROR_INVALID_VALUE);
    PASSBENCH_CUDA_OK(cuMemFree(0));
}

TEST_F(DriverApi, KnowsWhatMemoryIs) {
    const auto type_of = [](CUdeviceptr address) {
        unsigned type = 0;
        EXPECT_EQ(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address), CUDA_SUCCESS);
        return type;
    };
    void* pinned = nullptr;
    CUdeviceptr managed = 0;
    DeviceArray<int> device(16);
    PASSBENCH_CUDA_OK(cuMemHostAlloc(&pinned, 64, CU_MEMHOSTALLOC_DEVICEMAP));
    PASSBENCH_CUDA_OK(cuMemAllocManaged(&managed, 64, CU_MEM_ATTACH_GLOBAL));
    CUdeviceptr mapped = 0;
    PASSBENCH_CUDA_OK(cuMemHostGetDevicePointer(&mapped, pinned, 0));
    EXPECT_EQ(type_of(device.address()), unsigned{CU_MEMORYTYPE_DEVICE});
    EXPECT_EQ(type_of(mapped), unsigned{CU_MEMORYTYPE_HOST});
    // Of an allocation the context that made it, whichever is current.
    CUcontext other = nullptr;
    CUcontext owner = nullptr;
    PASSBENCH_CUDA_OK(cuCtxCreate(&other, nullptr, 0, 0));
    PASSBENCH_CUDA_OK(cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, device.address()));
    EXPECT_EQ(owner, context_);
    PASSBENCH_CUDA_OK(cuCtxDestroy(other));
    bool is_managed = false;
    PASSBENCH_CUDA_OK(cuPointerGetAttribute(&is_managed, CU_POINTER_ATTRIBUTE_IS_MANAGED, managed));
    EXPECT_TRUE(is_managed);
    // A kernel may write to mapped memory.
    PASSBENCH_CUDA_OK(launch("coordinates", {.grid = {1}, .block = {16}}, mapped, 16U));
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
    EXPECT_EQ(static_cast<unsigned*>(pinned)[15], 15U);
    PASSBENCH_CUDA_OK(cuMemFreeHost(pinned));
    PASSBENCH_CUDA_OK(cuMemFree(managed));
    std::array<char, 64> own = {};
    PASSBENCH_CUDA_OK(cuMemHostRegister(own.data(), own.size(), 0));
    EXPECT_EQ(cuMemHostRegister(own.data() + 8, 8, 0), CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
    PASSBENCH_CUDA_OK(cuMemHostUnregister(own.data()));
    EXPECT_EQ(cuMemHostUnregister(own.data()), CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
}

TEST_F(DriverApi, TakesHintsAboutManagedMemory) {
    CUdeviceptr managed = 0;
    PASSBENCH_CUDA_OK(cuMemAllocManaged(&managed, 4096, CU_MEM_ATTACH_GLOBAL));
    DeviceArray<int> device(16);
    CUmemLocation here = {};
    here.type = CU_MEM_LOCATION_TYPE_DEVICE;
    CUmemLocation elsewhere = here;
    elsewhere.id = 3;
    EXPECT_EQ(cuMemPrefetchAsync(managed, 4096, here, 0, nullptr), CUDA_SUCCESS);
    EXPECT_EQ(cuMemPrefetchAsync(managed, 4097, here, 0, nullptr), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemPrefetchAsync(managed, 4096, elsewhere, 0, nullptr), CUDA_ERROR_INVALID_DEVICE);
    EXPECT_EQ(cuMemPrefetchAsync(device.address(), 64, here, 0, nullptr), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuMemAdvise(managed, 4096, CU_MEM_ADVISE_SET_READ_MOSTLY, elsewhere), CUDA_SUCCESS);
    EXPECT_EQ(cuMemAdvise(managed, 4096, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, elsewhere), CUDA_ERROR_INVALID_DEVICE);
    EXPECT_EQ(cuMemAdvise(managed, 4096, static_cast<CUmem_advise>(7), here), CUDA_ERROR_INVALID_VALUE);
    // The older form names the host by a number of a device.
    void* function = nullptr;
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuMemPrefetchAsync", &function, 12000, 0, nullptr));
    const auto prefetch = reinterpret_cast<CUresult (*)(CUdeviceptr, std::size_t, CUdevice, CUstream)>(function);
    EXPECT_EQ(prefetch(managed, 4096, CU_DEVICE_CPU, nullptr), CUDA_SUCCESS);
    EXPECT_EQ(prefetch(managed, 4096, 1, nullptr), CUDA_ERROR_INVALID_DEVICE);
    PASSBENCH_CUDA_OK(cuMemFree(managed));
}

TEST_F(DriverApi, FillsRowsThatLieApart) {
    constexpr std::size_t pitch = 32;
    DeviceArray<unsigned char> bytes(std::vector<unsigned char>(4 * pitch, 9));
    PASSBENCH_CUDA_OK(cuMemsetD2D8(bytes.address(), pitch, 1, 5, 2));
    PASSBENCH_CUDA_OK(cuMemsetD2D16Async(bytes.address() + 8, pitch, 0x0202, 2, 3, nullptr));
    PASSBENCH_CUDA_OK(cuMemsetD2D32(bytes.address() + 16, pitch, 0x03030303, 3, 4));
    std::vector<unsigned char> expected(4 * pitch, 9);
    const auto box = [&](std::size_t x, std::size_t width, std::size_t rows, unsigned char value) {
        for (std::size_t y = 0; y < rows; ++y) std::fill_n(expected.data() + y * pitch + x, width, value);
    };
    box(0, 5, 2, 1);
    box(8, 4, 3, 2);
    box(16, 12, 4, 3);
    EXPECT_EQ(bytes.get(), expected);
    EXPECT_EQ(cuMemsetD2D8(bytes.address(), pitch, 0, 5, 5), CUDA_ERROR_INVALID_VALUE);
}

TEST_F(DriverApi, LoadsAModuleFromAFile) {
    const auto path = testing::TempDir() + "passbench_module.fatbin";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(fatbin_image.data()), sizeof fatbin_image);
    CUmodule module = nullptr;
    PASSBENCH_CUDA_OK(cuModuleLoad(&module, path.c_str()));
    CUfunction function = nullptr;
    EXPECT_EQ(cuModuleGetFunction(&function, module, "vector_add"), CUDA_SUCCESS);
    PASSBENCH_CUDA_OK(cuModuleUnload(module));
    std::ofstream(path) << "no kernels";
    EXPECT_EQ(cuModuleLoad(&module, path.c_str()), CUDA_ERROR_INVALID_IMAGE);
    EXPECT_EQ(cuModuleLoad(&module, (path + ".none").c_str()), CUDA_ERROR_FILE_NOT_FOUND);
}

TEST_F(DriverApi, KernelsOfALibraryRunInEveryContext) {
    CUlibrary library = nullptr;
    EXPECT_EQ(cuLibraryLoadData(&library, "no kernels", nullptr, nullptr, 0, nullptr, nullptr, 0),
              CUDA_ERROR_INVALID_IMAGE);
    PASSBENCH_CUDA_OK(cuLibraryLoadData(&library, fatbin_image.data(), nullptr, nullptr, 0, nullptr, nullptr, 0));
    CUkernel kernel = nullptr;
    EXPECT_EQ(cuLibraryGetKernel(&kernel, library, "no_such_kernel"), CUDA_ERROR_NOT_FOUND);
    PASSBENCH_CUDA_OK(cuLibraryGetKernel(&kernel, library, "scale_f32"));
    const auto scales = [&](CUfunction function) {
        DeviceArray<float> values(std::vector<float>{1, 2, 3});
        float factor = 2;
        std::size_t n = 3;
        std::array<void*, 3> parameters = {&values.address(), &factor, &n};
        EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, nullptr, parameters.data(), nullptr), CUDA_SUCCESS);
        return values.get() == std::vector<float>{2, 4, 6};
    };
    CUcontext other = nullptr;
    PASSBENCH_CUDA_OK(cuCtxCreate(&other, nullptr, 0, 0));
    CUfunction function = nullptr;
    PASSBENCH_CUDA_OK(cuKernelGetFunction(&function, kernel));
    EXPECT_TRUE(scales(function));
    PASSBENCH_CUDA_OK(cuCtxDestroy(other));
    EXPECT_TRUE(scales(reinterpret_cast<CUfunction>(kernel)));
    PASSBENCH_CUDA_OK(cuLibraryUnload(library));
    EXPECT_EQ(cuLibraryUnload(library), CUDA_ERROR_INVALID_HANDLE);
    EXPECT_EQ(cuKernelGetFunction(&function, kernel), CUDA_ERROR_INVALID_HANDLE);
}

TEST_F(DriverApi, KnowsWhatAKernelMayHave) {
    int value = 0;
    PASSBENCH_CUDA_OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, kernel("block_sums")));
    EXPECT_EQ(value, 256);
    int blocks = 0;
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel("vector_add"), 256, 0));
    EXPECT_EQ(blocks, 4);
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel("vector_add"), 64, 32 << 10));
    EXPECT_EQ(blocks, 2);
    int grid = 0;
    int block = 0;
    PASSBENCH_CUDA_OK(cuOccupancyMaxPotentialBlockSize(&grid, &block, kernel("vector_add"), nullptr, 0, 0));
    EXPECT_EQ(block, 1024);
    EXPECT_EQ(grid, 2);
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, kernel("vector_add"), 256, 0,
                                                                           CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE));
    EXPECT_EQ(blocks, 4);
    PASSBENCH_CUDA_OK(cuOccupancyMaxPotentialBlockSizeWithFlags(&grid, &block, kernel("block_sums"), nullptr, 0, 0, 0));
    EXPECT_EQ(block, 256);
    EXPECT_EQ(cuOccupancyMaxPotentialBlockSizeWithFlags(&grid, &block, kernel("block_sums"), nullptr, 0, 0, 2),
              CUDA_ERROR_INVALID_VALUE);
    const CUfunction shared = kernel("reverse_in_shared");
    PASSBENCH_CUDA_OK(cuFuncSetAttribute(shared, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 64 << 10));
    EXPECT_EQ(cuFuncSetAttribute(shared, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 65 << 10),
              CUDA_ERROR_INVALID_VALUE);
    DeviceArray<int> values(32);
    PASSBENCH_CUDA_OK(
        launch("reverse_in_shared", {.grid = {1}, .block = {32}, .shared_bytes = 64 << 10}, values.address()));
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
}

TEST_F(DriverApi, KnowsTheStaticSharedMemoryOfAKernel) {
    const auto of = [&](const char* name, CUfunction_attribute attribute) {
        int value = -1;
        EXPECT_EQ(cuFuncGetAttribute(&value, attribute, kernel(name)), CUDA_SUCCESS);
        return value;
    };
    EXPECT_EQ(of("vector_add", CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES), 0);
    EXPECT_EQ(of("block_sums", CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES), 32 * 8);
    EXPECT_EQ(of("reverse_in_static_shared", CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES), 48 << 10);
    EXPECT_EQ(of("cooperative_rounds", CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES), 32 * 4) << "a function's that it calls";
    // What is left for the launch.
    EXPECT_EQ(of("vector_add", CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES), 48 << 10);
    EXPECT_EQ(of("block_sums", CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES), (48 << 10) - 32 * 8);
    DeviceArray<int> values(32);
    EXPECT_EQ(launch("reverse_in_static_shared", {.grid = {1}, .block = {32}, .shared_bytes = 16}, values.address()),
              CUDA_ERROR_INVALID_VALUE);
    const CUfunction large = kernel("reverse_in_static_shared");
    EXPECT_EQ(cuFuncSetAttribute(large, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, (16 << 10) + 1),
              CUDA_ERROR_INVALID_VALUE);
    PASSBENCH_CUDA_OK(cuFuncSetAttribute(large, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 16 << 10));
    // And what a multiprocessor holds.
    int blocks = -1;
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, large, 32, 0));
    EXPECT_EQ(blocks, 1);
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, large, 32, (16 << 10) + 1));
    EXPECT_EQ(blocks, 0);
    PASSBENCH_CUDA_OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel("block_sums"), 32, 8 << 10));
    EXPECT_EQ(blocks, 7) << "eight without the static";
}

TEST_F(DriverApi, IsFoundByName) {
    void* function = nullptr;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuMemAlloc", &function, 13000, 0, &status));
    EXPECT_EQ(function, reinterpret_cast<void*>(&cuMemAlloc));
    EXPECT_EQ(status, CU_GET_PROC_ADDRESS_SUCCESS);
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuMemAlloc_v2", &function, 13000, 0, &status));
    EXPECT_EQ(function, reinterpret_cast<void*>(&cuMemAlloc));
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuCtxCreate", &function, 13000, 0, nullptr));
    EXPECT_EQ(function, reinterpret_cast<void*>(&cuCtxCreate));
    void* older = nullptr;
    PASSBENCH_CUDA_OK(cuGetProcAddress("cuCtxCreate", &older, 11000, 0, nullptr));
    EXPECT_NE(older, function);
    EXPECT_EQ(cuGetProcAddress("cuNoSuchThing", &function, 13000, 0, &status), CUDA_ERROR_NOT_FOUND);
    EXPECT_EQ(status, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    EXPECT_EQ(cuGetProcAddress("cuGraphInstantiate", &function, 10000, 0, &status), CUDA_ERROR_NOT_FOUND);
    EXPECT_EQ(status, CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
    EXPECT_EQ(cuGetProcAddress("malloc", &function, 13000, 0, &status), CUDA_ERROR_NOT_FOUND);
}

TEST_F(DriverApi, NamesItsCodes) {
    const char* text = nullptr;
    PASSBENCH_CUDA_OK(cuGetErrorName(CUDA_ERROR_ILLEGAL_ADDRESS, &text));
    EXPECT_STREQ(text, "CUDA_ERROR_ILLEGAL_ADDRESS");
    PASSBENCH_CUDA_OK(cuGetErrorString(CUDA_ERROR_ILLEGAL_ADDRESS, &text));
    EXPECT_STREQ(text, "illegal address");
}

}  // namespace
}  // namespace passbench
