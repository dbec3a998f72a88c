#include "kernels/emulation/virtual_clock.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/simulation.h"

namespace passbench::emulation {

namespace {

constexpr std::int64_t epoch_ns = 1'000'000'000;  // not 0: differences to "never" shall look like what they are
constexpr std::uint64_t default_seed = 1;

}  // namespace

VirtualClock::VirtualClock() : engine_(default_seed), now_ns_(epoch_ns) {}

void VirtualClock::simulate(std::uint64_t seed, double host, double device) {
    const std::lock_guard lock(mutex_);
    engine_.seed(seed);
    host_ = 1 + host;
    device_ = 1 + device;
}

std::int64_t VirtualClock::now_ns() const {
    const std::lock_guard lock(mutex_);
    return now_ns_;
}

std::int64_t VirtualClock::read_ns() {
    const std::lock_guard lock(mutex_);
    now_ns_ += std::llround(cost_model.clock_read_ns);
    return now_ns_;
}

std::int64_t VirtualClock::spend(double cost_ns) {
    const std::lock_guard lock(mutex_);
    now_ns_ += std::llround(cost_ns * noise() * host_);
    return now_ns_;
}

void VirtualClock::wait_until(std::int64_t end_ns, double wake_cost_ns) {
    const std::lock_guard lock(mutex_);
    const double wake_ns = wake_cost_ns * noise() * host_;
    if (end_ns > now_ns_) now_ns_ = end_ns + std::llround(wake_ns);
}

void VirtualClock::arrive(std::int64_t at_ns) {
    const std::lock_guard lock(mutex_);
    now_ns_ = std::max(now_ns_, at_ns);
}

double VirtualClock::host_factor() {
    const std::lock_guard lock(mutex_);
    return noise() * host_;
}

double VirtualClock::device_factor() {
    const std::lock_guard lock(mutex_);
    return noise() * device_;
}

double VirtualClock::noise() {
    // The sum of four uniforms of 16 bits each is near enough to normal, and bounded: no cost can become negative.
    const std::uint64_t bits = engine_();
    double sum = 0;
    for (unsigned part = 0; part < 4; ++part) sum += static_cast<double>((bits >> (16 * part)) & 0xffffU) / 65536.0;
    const double standard = (sum - 2 + 2.0 / 65536.0) / std::sqrt(4.0 / 12.0);
    return 1 + cost_model.noise * standard;
}

VirtualClock& virtual_clock() {
    static VirtualClock clock;  // trivially destroyed: usable until the process has ended
    return clock;
}

}  // namespace passbench::emulation

extern "C" {

const char passbench_simulated[] = "stand-in CUDA driver of passbench";

int64_t passbench_virtual_ns(void) { return passbench::emulation::virtual_clock().read_ns(); }

void passbench_simulate(uint64_t seed, double inject_host, double inject_device) {
    passbench::emulation::virtual_clock().simulate(seed, inject_host, inject_device);
}
}
