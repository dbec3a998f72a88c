// The virtual steady clock of the host and the noise of all costs. It moves only when something is done: by each call's
// cost, and to the end of what a call waits for. Nothing here reads a real clock, so that for a program whose host is one
// thread the same seed gives the same times to the nanosecond.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace passbench::emulation {

class VirtualClock {
public:
    VirtualClock();

    /// Starts the noise anew; the time itself goes on, for a steady clock is never set back.
    /// `host` and `device` are the planted overheads as fractions: 0.03 makes all costs of that side 3 % longer.
    void simulate(std::uint64_t seed, double host, double device);

    [[nodiscard]] std::int64_t now_ns() const;
    /// As the host reads the clock: reading takes its time.
    [[nodiscard]] std::int64_t read_ns();
    /// The host is busy for this cost; returns the time afterwards.
    std::int64_t spend(double cost_ns);
    /// The host waits for what ends at `end_ns`; waking up costs something only where there was a wait.
    void wait_until(std::int64_t end_ns, double wake_cost_ns);
    /// The host sees at this time what it looks for by itself; nothing if it is later already.
    void arrive(std::int64_t at_ns);

    /// What to multiply a cost with: noise and planted overhead, drawn when the operation is enqueued.
    [[nodiscard]] double host_factor();
    [[nodiscard]] double device_factor();

private:
    double noise();  // with the lock held

    mutable std::mutex mutex_;
    std::mt19937_64 engine_;
    double host_ = 1;
    double device_ = 1;
    std::int64_t now_ns_;
};

/// The clock of this process.
[[nodiscard]] VirtualClock& virtual_clock();

}  // namespace passbench::emulation
