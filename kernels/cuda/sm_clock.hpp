// The clock of the SMs as it is now, where the workload's own kernels do not tell it: a millisecond or two of fma.cu's kernel, which
// notes cycles and time (R13.2). For limits that are percentages: under another load the clock may differ.
#pragma once

#include "harness/core/result.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// The best of a few launches; 0 where the device's timers do not move during one.
[[nodiscard]] Result<double> measure_sm_clock_hz(const Gpu& gpu, const Stream& stream);

}  // namespace passbench
