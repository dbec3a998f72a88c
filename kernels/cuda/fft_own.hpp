// Own Fourier transforms on the device: rows of up to 4096 points, and squares as rows, transposed, rows, transposed.
#pragma once

#include "kernels/cpu/fft_inputs.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

class OwnFft {
public:
    /// Error `unsupported` where a row has more points than a block holds.
    [[nodiscard]] static Result<OwnFft> make(const Gpu& gpu, const FftShape& shape);

    /// Hands the transforms of `in` to the stream; the results are in `out`.
    CUresult enqueue(const Stream& stream, const DeviceMemory& in, const DeviceMemory& out) const;

private:
    OwnFft() = default;

    CUresult rows(const Stream& stream, CUdeviceptr in, CUdeviceptr out) const;
    CUresult transpose(const Stream& stream, CUdeviceptr in, CUdeviceptr out) const;

    FftShape shape_{};
    Module module_;
    Kernel<CUdeviceptr, CUdeviceptr, CUdeviceptr, unsigned, unsigned> rows_;
    Kernel<CUdeviceptr, CUdeviceptr, unsigned> transpose_;
    DeviceMemory roots_;
    DeviceMemory between_;  // of two dimensions: between the steps
};

}  // namespace passbench
