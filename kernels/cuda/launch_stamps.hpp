// Takes the five stamps of launches, beside the timed iterations: a stamped twin of each. The kernels leave their times in mapped
// memory, and the clocks of host and device are compared before and after, since they drift.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/records/facts.hpp"
#include "kernels/cuda/device_clock.hpp"
#include "kernels/cuda/launch_parts.hpp"
#include "kernels/cuda/launch_shape.hpp"

namespace passbench {

/// The sums of some twins.
struct LaunchTimes {
    std::int64_t whole_ns = 0;
    LaunchParts parts;
};

/// One row of launches and the wait for it, as the timed iteration has them. Called with a way to launch the stamped kernel.
class LaunchStamper {
public:
    using StampedKernel = Kernel<CUdeviceptr, CUdeviceptr, unsigned>;

    /// Error `unsupported` where the parts cannot be told here (DeviceClock::open). The Gpu must outlive it.
    [[nodiscard]] static Result<LaunchStamper> open(const Gpu& gpu, const Module& module, std::int64_t depth);

    /// What a twin is made of. Both report success or what the driver said.
    struct Row {
        const Stream& stream;
        CUdeviceptr counter;
        std::function<CUresult()> launch_plain;
        std::function<CUresult()> wait;
    };
    /// `twins` rows, one after the other.
    [[nodiscard]] Result<LaunchTimes> take(const Row& row, std::int64_t twins);

    /// The clock of the device may be another one than at the last reading of its timers, such as after a warm-up.
    void forget_timers() { uses_ = 0; }
    /// Tick and error bound of each part, of one launch (trial_fact).
    [[nodiscard]] Facts facts() const;

private:
    LaunchStamper(const Gpu& gpu, DeviceClock clock, std::int64_t depth)
        : gpu_(&gpu), clock_(std::move(clock)), depth_(depth) {}
    [[nodiscard]] Result<LaunchStamps> stamp(const Row& row);
    [[nodiscard]] Result<void> keep_timers_fresh();

    const Gpu* gpu_;
    DeviceClock clock_;
    std::int64_t depth_;
    StampedKernel kernel_;
    MappedMemory memory_;
    std::vector<LaunchStamps> stamps_;
    std::int64_t host_tick_ns_ = 0;
    std::int64_t worst_error_ns_ = 0;
    int uses_ = 1;  // of the timers that were read last; 0: they have to be read again
};

}  // namespace passbench
