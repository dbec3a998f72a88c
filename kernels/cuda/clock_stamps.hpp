// What the blocks of a kernel noted of time and cycles (stopwatch.cuh), and the clock of the SMs that follows from it (R13.2).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/cuda/gpu.hpp"

namespace passbench {

class ClockStamps {
public:
    /// Error `out_of_memory` with the bytes asked for.
    [[nodiscard]] static Result<ClockStamps> allocate(const Gpu& gpu, unsigned blocks);

    /// For the kernel: nanoseconds and cycles of each block.
    [[nodiscard]] CUdeviceptr address() const { return of_device_.address(); }
    /// Cycles by nanoseconds over all blocks of the last launch, which has ended; 0 where the timers did not move meanwhile.
    [[nodiscard]] Result<double> read_hz(const Gpu& gpu);

private:
    DeviceMemory of_device_;
    std::vector<std::array<std::uint64_t, 2>> of_blocks_;
};

}  // namespace passbench
