// cuFFT, found at run time: hundreds of megabytes that no guest has to have. Its types and numbers are written down here, because the
// CUDA compiler may come without its header; kernels/cuda/tests/cufft_test.cpp holds them against header and library where these are
// installed. Nothing of it runs on the stand-in driver.
#pragma once

#include <cuda.h>
#include <memory>
#include <string>
#include <type_traits>

#include "harness/core/result.hpp"
#include "kernels/cpu/fft_inputs.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

namespace cufft {

// cufftHandle, cufftResult, cufftType and the direction, as far as they are used.
using Handle = int;
inline constexpr int success = 0;
inline constexpr int alloc_failed = 2;
inline constexpr int exec_failed = 6;
inline constexpr int complex_floats = 0x29;  // CUFFT_C2C
inline constexpr int forward = -1;

// clang-format off
#define PASSBENCH_CUFFT_CALLS(X)                                                                          \
    X(cufftGetVersion, int(int*))                                                                         \
    X(cufftPlanMany, int(cufft::Handle*, int, int*, int*, int, int, int*, int, int, int, int))             \
    X(cufftSetStream, int(cufft::Handle, CUstream))                                                       \
    X(cufftExecC2C, int(cufft::Handle, CUdeviceptr, CUdeviceptr, int))                                    \
    X(cufftDestroy, int(cufft::Handle))
// clang-format on

/// Pointers to the functions, under their own names. Addresses of the device go as what they are, for they are as wide as pointers.
struct Calls {
#define PASSBENCH_MEMBER(function, ...) std::add_pointer_t<__VA_ARGS__> function = nullptr;
    PASSBENCH_CUFFT_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

}  // namespace cufft

class Cufft {
public:
    /// From where a toolkit or a distribution has it, of CUDA 13, 12 or 11. Error `unsupported` with the loader's words.
    [[nodiscard]] static Result<std::shared_ptr<const Cufft>> load();

    /// "12.0.0"
    [[nodiscard]] std::string version() const;
    [[nodiscard]] const cufft::Calls& calls() const { return calls_; }

private:
    Cufft() = default;

    cufft::Calls calls_;
};

/// Forward transforms, made ready on a stream; the current context is the primary one, which cuFFT uses too.
class CufftPlan {
public:
    /// Error `unsupported` where cuFFT makes no plan, `out_of_memory` where it has no memory for one.
    [[nodiscard]] static Result<CufftPlan> make(std::shared_ptr<const Cufft> library, const FftShape& shape,
                                                const Stream& stream);
    CufftPlan(CufftPlan&& other) noexcept;
    CufftPlan& operator=(CufftPlan&&) = delete;
    CufftPlan(const CufftPlan&) = delete;
    CufftPlan& operator=(const CufftPlan&) = delete;
    ~CufftPlan();

    /// What the library says is told in the driver's words: it failed to launch, or the reason is not known.
    CUresult enqueue(const DeviceMemory& in, const DeviceMemory& out) const;

private:
    CufftPlan(std::shared_ptr<const Cufft> library, cufft::Handle handle)
        : library_(std::move(library)), handle_(handle), owns_(true) {}

    std::shared_ptr<const Cufft> library_;
    cufft::Handle handle_;
    bool owns_;
};

}  // namespace passbench
