// The device's clock beside the host's: how far it is ahead, asked of a kernel that answers through mapped memory while it runs; what
// its tick is, and how long a cycle of an SM lasts. For what has to be told apart within a launch; a case as a whole is timed by
// the host's clock alone (R2.4).
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/cuda/clock_offset.hpp"
#include "kernels/cuda/device_clock_shape.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// What spans within a kernel are read with.
struct DeviceTimers {
    std::int64_t tick_ns;  // the smallest step of the global timer
    double ns_a_cycle;     // of the SM, over at least 10 ms
};

class DeviceClock {
public:
    /// Tries it once. Error `unsupported` where no kernel answers through mapped memory, with the reason. The Gpu must outlive it.
    [[nodiscard]] static Result<DeviceClock> open(const Gpu& gpu);

    /// A two-way exchange. Error `timeout` where the device does not answer.
    [[nodiscard]] Result<ClockOffset> compare();
    /// Runs a kernel for more than 10 ms, at the clock that the device has now.
    [[nodiscard]] Result<DeviceTimers> read_timers();
    /// The last of read_timers().
    [[nodiscard]] const DeviceTimers& timers() const { return timers_; }

private:
    using ExchangeKernel = Kernel<CUdeviceptr, unsigned long long>;
    using SpanKernel = Kernel<CUdeviceptr, unsigned long long, unsigned long long>;

    explicit DeviceClock(const Gpu& gpu) : gpu_(&gpu) {}
    [[nodiscard]] ClockMail& mail() const { return *reinterpret_cast<ClockMail*>(mail_.bytes().data()); }
    [[nodiscard]] Result<std::vector<ClockQuestion>> ask();

    const Gpu* gpu_;
    Module module_;
    ExchangeKernel exchange_;
    SpanKernel span_;
    Stream stream_;  // of its own: what it launches is never in the way of what is measured
    MappedMemory mail_;
    DeviceMemory span_memory_;
    DeviceTimers timers_ = {};
};

}  // namespace passbench
