// What a device reaches with the kernel of roofline at its two ends: reading alone, and arithmetic alone. Measured between events, the
// best of several launches.
#pragma once

#include <cstddef>

#include "kernels/cuda/gpu.hpp"

namespace passbench {

struct RooflineKernel {
    Module module;
    Kernel<CUdeviceptr, std::size_t, unsigned, float, unsigned, CUdeviceptr> kernel;

    [[nodiscard]] static Result<RooflineKernel> load(const Gpu& gpu);
    /// A sum for each chunk of `count` floats.
    CUresult launch(const Stream& stream, const DeviceMemory& x, std::size_t count, float multiplier, unsigned fmas,
                    const DeviceMemory& sums) const;
};

struct RooflineCeilings {
    double bytes_a_second;
    double flops;
};

/// `fmas` multiply-adds a float make a launch of arithmetic: 2048 take some milliseconds on any card. Overwrites no sums but its own.
[[nodiscard]] Result<RooflineCeilings> measure_roofline_ceilings(const Gpu& gpu, const Stream& stream,
                                                                 const RooflineKernel& kernel, const DeviceMemory& x,
                                                                 unsigned fmas);

}  // namespace passbench
