// Adds two vectors on the first device.
#include <cmath>

#include "kernels/emulation/tests/programs/program.hpp"

int main(int argc, char** argv) {
    if (argc != 3) program::stop("usage: vector_add LIBCUDA FATBIN", argc);
    const program::Driver driver(argv[1]);
    PROGRAM_LOAD(driver, cuInit);
    PROGRAM_LOAD(driver, cuDeviceGetCount);
    PROGRAM_LOAD(driver, cuDeviceGet);
    PROGRAM_LOAD(driver, cuDeviceGetName);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRetain);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRelease);
    PROGRAM_LOAD(driver, cuCtxSetCurrent);
    PROGRAM_LOAD(driver, cuModuleLoadData);
    PROGRAM_LOAD(driver, cuModuleGetFunction);
    PROGRAM_LOAD(driver, cuModuleUnload);
    PROGRAM_LOAD(driver, cuMemAlloc);
    PROGRAM_LOAD(driver, cuMemFree);
    PROGRAM_LOAD(driver, cuMemcpyHtoD);
    PROGRAM_LOAD(driver, cuMemcpyDtoH);
    PROGRAM_LOAD(driver, cuLaunchKernel);

    PROGRAM_CHECK(p_cuInit(0));
    int count = 0;
    PROGRAM_CHECK(p_cuDeviceGetCount(&count));
    program::require(count > 0, "no device");
    CUdevice device = 0;
    PROGRAM_CHECK(p_cuDeviceGet(&device, 0));
    char name[256];
    PROGRAM_CHECK(p_cuDeviceGetName(name, sizeof name, device));
    CUcontext context = nullptr;
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRetain(&context, device));
    PROGRAM_CHECK(p_cuCtxSetCurrent(context));
    const auto image = program::read_image(argv[2]);
    CUmodule module = nullptr;
    CUfunction add = nullptr;
    PROGRAM_CHECK(p_cuModuleLoadData(&module, image.data()));
    PROGRAM_CHECK(p_cuModuleGetFunction(&add, module, "program_add"));

    constexpr int n = 50'000;
    constexpr std::size_t bytes = n * sizeof(float);
    std::vector<float> a(n);
    std::vector<float> b(n);
    std::vector<float> c(n);
    for (std::size_t i = 0; i < n; ++i) {
        a[i] = std::sqrt(static_cast<float>(i));
        b[i] = 1.0F / static_cast<float>(i + 1);
    }
    CUdeviceptr device_a = 0;
    CUdeviceptr device_b = 0;
    CUdeviceptr device_c = 0;
    PROGRAM_CHECK(p_cuMemAlloc(&device_a, bytes));
    PROGRAM_CHECK(p_cuMemAlloc(&device_b, bytes));
    PROGRAM_CHECK(p_cuMemAlloc(&device_c, bytes));
    PROGRAM_CHECK(p_cuMemcpyHtoD(device_a, a.data(), bytes));
    PROGRAM_CHECK(p_cuMemcpyHtoD(device_b, b.data(), bytes));
    int length = n;
    void* parameters[] = {&device_a, &device_b, &device_c, &length};
    constexpr unsigned threads = 256;
    PROGRAM_CHECK(
        p_cuLaunchKernel(add, (n + threads - 1) / threads, 1, 1, threads, 1, 1, 0, nullptr, parameters, nullptr));
    PROGRAM_CHECK(p_cuMemcpyDtoH(c.data(), device_c, bytes));
    for (std::size_t i = 0; i < n; ++i) program::require(c[i] == a[i] + b[i], "a sum is wrong");
    for (const CUdeviceptr pointer : {device_a, device_b, device_c}) PROGRAM_CHECK(p_cuMemFree(pointer));
    PROGRAM_CHECK(p_cuModuleUnload(module));
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRelease(device));
    std::printf("%s: %d sums are right\n", name, n);
    return 0;
}
