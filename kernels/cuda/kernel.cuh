// How a kernel of this project is written, once, for two compilers. nvcc makes `extern "C" __global__` of it. g++, with the
// shim of kernels/emulation included by force, makes a plain function of it and exports beside it what the stand-in driver
// needs to launch it: a thunk that unpacks the parameters by type, and their sizes, because a launch copies them before it
// returns. The exported object is found by its name, so there is no registry to fill and no constructor that runs at load,
// and two kernels of one name are a link error with either compiler.
//
//     PASSBENCH_KERNEL(scale_f64, (const double* x, double* out, std::size_t n)) { ... }
//
// Kernels stand at namespace scope, not in an unnamed namespace (their names would not be exported).
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__CUDACC__)

#define PASSBENCH_KERNEL(name, parameters) extern "C" __global__ void name parameters

/// As PASSBENCH_KERNEL, for kernels that are never launched with more than `most_threads` threads a block.
#define PASSBENCH_KERNEL_BOUNDS(name, most_threads, parameters) \
    extern "C" __global__ void __launch_bounds__(most_threads) name parameters

/// Inside a kernel: `type* const name`, the dynamic shared memory of the block, aligned to 16 bytes.
#define PASSBENCH_DYNAMIC_SHARED(type, name)                                  \
    extern __shared__ __align__(16) unsigned char passbench_dynamic_shared[]; \
    type* const name = reinterpret_cast<type*>(passbench_dynamic_shared)

/// Before a loop over registers: it has to be gone in machine code, for registers have no indexes.
#define PASSBENCH_UNROLL _Pragma("unroll")

/// A variable in device memory that cuModuleGetGlobal finds; arrays by an alias: `using Table = float[16]`.
// In braces: without them, extern "C" would only declare.
#define PASSBENCH_DEVICE_GLOBAL(type, name) \
    extern "C" {                            \
    __device__ type name;                   \
    }                                       \
    static_assert(true)

#elif defined(PASSBENCH_EMULATION)

#define PASSBENCH_KERNEL(name, parameters) \
    PASSBENCH_KERNEL_BOUNDS(name, ::passbench::emulation::most_threads_a_block, parameters)

#define PASSBENCH_KERNEL_BOUNDS(name, most_threads, parameters)                                                      \
    static void passbench_body_##name parameters;                                                                    \
    extern "C" PASSBENCH_EMULATION_EXPORT constinit const ::passbench::emulation::KernelEntry                        \
        passbench_kernel_##name = ::passbench::emulation::kernel_entry<&passbench_body_##name>(#name, most_threads); \
    static void passbench_body_##name parameters

#define PASSBENCH_UNROLL

#define PASSBENCH_DYNAMIC_SHARED(type, name) \
    type* const name = static_cast<type*>(::passbench::emulation::dynamic_shared())

#define PASSBENCH_DEVICE_GLOBAL(type, name)                                               \
    extern "C" {                                                                          \
    PASSBENCH_EMULATION_EXPORT constinit type passbench_global_##name{};                  \
    PASSBENCH_EMULATION_EXPORT extern constinit const ::passbench::emulation::GlobalEntry \
        passbench_global_entry_##name;                                                    \
    constinit const ::passbench::emulation::GlobalEntry passbench_global_entry_##name = { \
        .address = &passbench_global_##name, .size_bytes = sizeof(type)};                 \
    }                                                                                     \
    static type& name = passbench_global_##name

#else
#error "kernel.cuh is for nvcc, or for g++ with the shim of kernels/emulation (see passbench_emulated_driver)"
#endif
