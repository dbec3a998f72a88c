// Sums integers with as many blocks as the device holds at a time; functions by cuGetProcAddress, memory pinned.
#include <algorithm>

#include "kernels/emulation/tests/programs/program.hpp"

namespace {

template <typename Function>
Function* find(decltype(cuGetProcAddress)* get, const char* name) {
    void* address = nullptr;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SUCCESS;
    PROGRAM_CHECK(get(name, &address, CUDA_VERSION, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    program::require(status == CU_GET_PROC_ADDRESS_SUCCESS && address != nullptr, name);
    return reinterpret_cast<Function*>(address);
}

}  // namespace

// Here the name is taken as it is written, before cuda.h gives it a version.
#define PROGRAM_FIND(name) const auto p_##name = find<decltype(name)>(get, #name)

int main(int argc, char** argv) {
    if (argc != 3) program::stop("usage: reduction LIBCUDA FATBIN", argc);
    const program::Driver driver(argv[1]);
    const auto get = driver.function<decltype(cuGetProcAddress)>("cuGetProcAddress_v2");
    PROGRAM_FIND(cuInit);
    PROGRAM_FIND(cuDeviceGetAttribute);
    PROGRAM_FIND(cuCtxCreate);
    PROGRAM_FIND(cuCtxDestroy);
    PROGRAM_FIND(cuCtxSynchronize);
    PROGRAM_FIND(cuModuleLoadData);
    PROGRAM_FIND(cuModuleGetFunction);
    PROGRAM_FIND(cuOccupancyMaxActiveBlocksPerMultiprocessor);
    PROGRAM_FIND(cuMemHostAlloc);
    PROGRAM_FIND(cuMemFreeHost);
    PROGRAM_FIND(cuMemHostGetDevicePointer);
    PROGRAM_FIND(cuMemAlloc);
    PROGRAM_FIND(cuMemFree);
    PROGRAM_FIND(cuMemcpyHtoDAsync);
    PROGRAM_FIND(cuMemsetD32);
    PROGRAM_FIND(cuLaunchKernel);

    PROGRAM_CHECK(p_cuInit(0));
    CUcontext context = nullptr;
    PROGRAM_CHECK(p_cuCtxCreate(&context, nullptr, CU_CTX_SCHED_BLOCKING_SYNC, 0));
    const auto image = program::read_image(argv[2]);
    CUmodule module = nullptr;
    CUfunction reduce = nullptr;
    PROGRAM_CHECK(p_cuModuleLoadData(&module, image.data()));
    PROGRAM_CHECK(p_cuModuleGetFunction(&reduce, module, "program_reduce"));

    constexpr unsigned threads = 128;
    constexpr unsigned shared_bytes = threads * sizeof(unsigned long long);
    int multiprocessors = 0;
    int blocks_each = 0;
    PROGRAM_CHECK(p_cuDeviceGetAttribute(&multiprocessors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 0));
    PROGRAM_CHECK(p_cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks_each, reduce, threads, shared_bytes));
    program::require(multiprocessors > 0 && blocks_each > 0, "no block fits");

    constexpr unsigned long long n = 300'007;
    void* host = nullptr;
    PROGRAM_CHECK(p_cuMemHostAlloc(&host, n * sizeof(int), CU_MEMHOSTALLOC_PORTABLE));
    auto* values = static_cast<int*>(host);
    unsigned long long expected = 0;
    for (unsigned long long i = 0; i < n; ++i) {
        values[i] = static_cast<int>(i * 2654435761ULL % 1000);
        expected += static_cast<unsigned long long>(values[i]);
    }
    void* mapped = nullptr;  // the sum is written over the bus
    PROGRAM_CHECK(p_cuMemHostAlloc(&mapped, sizeof(unsigned long long), CU_MEMHOSTALLOC_DEVICEMAP));
    CUdeviceptr total = 0;
    PROGRAM_CHECK(p_cuMemHostGetDevicePointer(&total, mapped, 0));
    PROGRAM_CHECK(p_cuMemsetD32(total, 0, 2));
    CUdeviceptr device_values = 0;
    PROGRAM_CHECK(p_cuMemAlloc(&device_values, n * sizeof(int)));
    PROGRAM_CHECK(p_cuMemcpyHtoDAsync(device_values, values, n * sizeof(int), nullptr));
    unsigned long long length = n;
    void* parameters[] = {&device_values, &length, &total};
    PROGRAM_CHECK(p_cuLaunchKernel(reduce, static_cast<unsigned>(multiprocessors * blocks_each), 1, 1, threads, 1, 1,
                                   shared_bytes, nullptr, parameters, nullptr));
    PROGRAM_CHECK(p_cuCtxSynchronize());
    program::require(*static_cast<unsigned long long*>(mapped) == expected, "the sum is wrong");
    PROGRAM_CHECK(p_cuMemFree(device_values));
    PROGRAM_CHECK(p_cuMemFreeHost(mapped));
    PROGRAM_CHECK(p_cuMemFreeHost(host));
    PROGRAM_CHECK(p_cuCtxDestroy(context));
    std::printf("the sum of %llu numbers is right\n", n);
    return 0;
}
