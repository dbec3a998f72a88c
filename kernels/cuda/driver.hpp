// The CUDA driver API, found at run time: nothing here is linked against libcuda, so that the agent starts in any guest and says
// why there is no GPU. The functions keep the names and types of <cuda.h>; everything above this file uses gpu.hpp.
#pragma once

#include <cstdint>
#include <cuda.h>
#include <memory>
#include <string>
#include <string_view>

#include "harness/core/clock.hpp"
#include "harness/core/result.hpp"
#include "kernels/workload_instance.hpp"

// Contexts are made by the oldest form, which every driver has; <cuda.h> declares the newest one alone.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" CUresult CUDAAPI cuCtxCreate_v2(CUcontext* pctx, unsigned int flags, CUdevice dev);

namespace passbench {

// Each function with the CUDA version that introduced the form of it that we call: cuGetProcAddress is asked for exactly that
// one, since newer forms take other arguments.
// clang-format off
#define PASSBENCH_DRIVER_CALLS(X)            \
    X(cuInit, 2000)                          \
    X(cuDriverGetVersion, 2020)              \
    X(cuGetErrorName, 6000)                  \
    X(cuGetErrorString, 6000)                \
    X(cuDeviceGetCount, 2000)                \
    X(cuDeviceGet, 2000)                     \
    X(cuDeviceGetName, 2000)                 \
    X(cuDeviceGetAttribute, 2000)            \
    X(cuDeviceGetPCIBusId, 4010)             \
    X(cuDeviceGetUuid, 11040)                \
    X(cuDevicePrimaryCtxRetain, 7000)        \
    X(cuDevicePrimaryCtxRelease, 11000)      \
    X(cuDevicePrimaryCtxSetFlags, 11000)     \
    X(cuCtxCreate_v2, 3020)                  \
    X(cuCtxDestroy, 4000)                    \
    X(cuCtxSetCurrent, 4000)                 \
    X(cuCtxGetFlags, 7000)                   \
    X(cuModuleLoadData, 2000)                \
    X(cuModuleUnload, 2000)                  \
    X(cuModuleGetFunction, 2000)             \
    X(cuCtxSynchronize, 2000)                \
    X(cuMemGetInfo, 3020)                    \
    X(cuMemAlloc, 3020)                      \
    X(cuMemFree, 3020)                       \
    X(cuMemAllocHost, 3020)                  \
    X(cuMemAllocManaged, 6000)               \
    X(cuMemPrefetchAsync, 12020)             \
    X(cuMemFreeHost, 2000)                   \
    X(cuMemHostAlloc, 2020)                  \
    X(cuMemHostGetDevicePointer, 3020)       \
    X(cuMemHostRegister, 6050)               \
    X(cuMemHostUnregister, 4000)             \
    X(cuMemAllocAsync, 11020)                \
    X(cuMemFreeAsync, 11020)                 \
    X(cuDeviceGetDefaultMemPool, 11020)      \
    X(cuMemPoolSetAttribute, 11020)          \
    X(cuMemPoolTrimTo, 11020)                \
    X(cuPointerGetAttribute, 4000)           \
    X(cuMemcpyHtoD, 3020)                    \
    X(cuMemcpyDtoH, 3020)                    \
    X(cuMemcpyHtoDAsync, 3020)               \
    X(cuMemcpyDtoHAsync, 3020)               \
    X(cuMemsetD8Async, 3020)                 \
    X(cuStreamCreate, 2000)                  \
    X(cuStreamSynchronize, 2000)             \
    X(cuStreamQuery, 2000)                   \
    X(cuStreamWaitEvent, 3020)               \
    X(cuStreamDestroy, 4000)                 \
    X(cuEventCreate, 2000)                   \
    X(cuEventRecord, 2000)                   \
    X(cuEventSynchronize, 2000)              \
    X(cuEventElapsedTime, 2000)              \
    X(cuEventDestroy, 4000)                  \
    X(cuLaunchKernel, 4000)                  \
    X(cuGraphCreate, 10000)                  \
    X(cuGraphAddKernelNode, 12000)           \
    X(cuGraphInstantiateWithFlags, 11040)    \
    X(cuGraphLaunch, 10000)                  \
    X(cuGraphExecDestroy, 10000)             \
    X(cuGraphDestroy, 10000)
// clang-format on

/// Pointers to the functions, under their own names: `calls.cuInit(0)`.
struct DriverCalls {
#define PASSBENCH_MEMBER(function, version) decltype(&::function) function = nullptr;
    PASSBENCH_DRIVER_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

class Driver {
public:
    /// Loads and initialises the driver of this machine, or the library that the choice names; it stays loaded until the process
    /// ends, for drivers keep threads of their own. Error `unsupported` saying which of the known reasons it is that there is no
    /// usable driver or device, and what to do.
    [[nodiscard]] static Result<std::shared_ptr<const Driver>> load(const DriverChoice& choice);

    [[nodiscard]] const DriverCalls& calls() const { return calls_; }
    /// The library exports the symbol of the stand-in, however it was found.
    [[nodiscard]] bool is_simulated() const { return simulated_; }
    /// The clock that wall times are taken with: the steady clock, or the virtual one of the stand-in.
    [[nodiscard]] WallClock clock() const { return clock_; }
    /// E.g. 13000 for an API of 13.0.
    [[nodiscard]] int api_version() const { return api_version_; }

    /// What a call came to, as an error with the code's name: `doing` is such as "copying 64 MiB to the device".
    [[nodiscard]] Result<void> check(CUresult result, std::string_view doing) const;

private:
    Driver() = default;

    DriverCalls calls_;
    bool simulated_ = false;
    WallClock clock_ = &steady_ns;
    int api_version_ = 0;
};

}  // namespace passbench
