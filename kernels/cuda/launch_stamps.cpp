#include "kernels/cuda/launch_stamps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/records/part_facts.hpp"

namespace passbench {

namespace {

constexpr Grid one_thread = {.blocks = 1, .threads = 1};

/// The smallest step of a clock that was not zero.
std::int64_t tick_of(WallClock now) {
    constexpr int steps = 1000;
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = now();
    for (int step = 0; step < steps;) {
        const std::int64_t next = now();
        if (next == last) continue;
        smallest = std::min(smallest, next - last);
        last = next;
        ++step;
    }
    return smallest;
}

}  // namespace

Result<LaunchStamper> LaunchStamper::open(const Gpu& gpu, const Module& module, std::int64_t depth) {
    PASSBENCH_TRY(DeviceClock clock, DeviceClock::open(gpu));
    LaunchStamper stamper(gpu, std::move(clock), depth);
    PASSBENCH_TRY(stamper.kernel_, (gpu.kernel<CUdeviceptr, CUdeviceptr, unsigned>(module, "launch_count_stamped")));
    PASSBENCH_TRY(stamper.memory_, gpu.allocate_mapped(sizeof(KernelStamps)));
    stamper.host_tick_ns_ = tick_of(gpu.driver().clock());
    return stamper;
}

Result<LaunchTimes> LaunchStamper::take(const Row& row, std::int64_t twins) {
    PASSBENCH_CHECK(keep_timers_fresh());
    stamps_.clear();
    PASSBENCH_TRY(const ClockOffset before, clock_.compare());
    for (std::int64_t twin = 0; twin < twins; ++twin) {
        PASSBENCH_TRY(const LaunchStamps stamps, stamp(row));
        stamps_.push_back(stamps);
    }
    PASSBENCH_TRY(const ClockOffset after, clock_.compare());
    worst_error_ns_ = std::max({worst_error_ns_, before.error_ns, after.error_ns});
    LaunchTimes times;
    for (const LaunchStamps& stamps : stamps_) {
        const LaunchParts parts = launch_parts(stamps, before, after);
        times.whole_ns += stamps.wake_ns - stamps.call_ns;
        times.parts.enqueue_ns += parts.enqueue_ns;
        times.parts.submit_to_start_ns += parts.submit_to_start_ns;
        times.parts.run_ns += parts.run_ns;
        times.parts.finish_to_wake_ns += parts.finish_to_wake_ns;
    }
    return times;
}

Result<LaunchStamps> LaunchStamper::stamp(const Row& row) {
    const WallClock now = gpu_->driver().clock();
    const auto launch_stamped = [&](StampedAt which) {
        return kernel_.launch(row.stream, one_thread, row.counter, memory_.address(), static_cast<unsigned>(which));
    };
    CUresult failed = CUDA_SUCCESS;
    const auto note = [&failed](CUresult result) {
        if (failed == CUDA_SUCCESS) failed = result;
    };
    LaunchStamps stamps{};
    stamps.call_ns = now();
    note(launch_stamped(depth_ == 1 ? StampedAt::both : StampedAt::begin));
    stamps.return_ns = now();
    for (std::int64_t launch = 2; launch < depth_; ++launch) note(row.launch_plain());
    if (depth_ > 1) note(launch_stamped(StampedAt::end));
    note(row.wait());
    stamps.wake_ns = now();
    PASSBENCH_CHECK(gpu_->check(failed, "stamping launches"));

    const auto& seen = *reinterpret_cast<const KernelStamps*>(memory_.bytes().data());
    stamps.kernel_begin_ns = static_cast<std::int64_t>(seen.begin_ns);
    stamps.kernels_ns = depth_ == 1 ? std::llround(static_cast<double>(seen.cycles) * clock_.timers().ns_a_cycle)
                                    : static_cast<std::int64_t>(seen.end_ns - seen.begin_ns);
    return stamps;
}

Result<void> LaunchStamper::keep_timers_fresh() {
    constexpr int uses_of_a_reading = 16;  // each costs more than 10 ms
    if (uses_ % uses_of_a_reading == 0) PASSBENCH_CHECK(clock_.read_timers());
    ++uses_;
    return {};
}

Facts LaunchStamper::facts() const {
    const auto of_a_launch = [this](double ns) { return ns / static_cast<double>(depth_); };
    const double device_tick_ns = of_a_launch(static_cast<double>(clock_.timers().tick_ns));
    const double error_ns = of_a_launch(static_cast<double>(worst_error_ns_));
    using trial_fact::part_error_ns;
    using trial_fact::part_tick_ns;
    return {{part_tick_ns("enqueue"), of_a_launch(static_cast<double>(host_tick_ns_))},
            {part_tick_ns("submit_to_start"), device_tick_ns},
            {part_error_ns("submit_to_start"), error_ns},
            {part_tick_ns("run"), depth_ == 1 ? clock_.timers().ns_a_cycle : device_tick_ns},
            {part_tick_ns("finish_to_wake"), device_tick_ns},
            {part_error_ns("finish_to_wake"), error_ns}};
}

}  // namespace passbench
