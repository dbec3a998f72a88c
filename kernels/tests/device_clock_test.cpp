// The device's clock beside the host's, on the stand-in, whose timer is ahead by a known time; on a card nobody knows the truth.
#include "kernels/cuda/device_clock.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace passbench {
namespace {

constexpr std::int64_t truly_ahead_ns = 7'000'000'000;  // of the stand-in's cost model
constexpr double truly_ns_a_cycle = 50;

DriverChoice stand_in() { return {.library = PASSBENCH_STAND_IN, .seed = 1}; }

TEST(DeviceClock, FindsHowFarTheDeviceIsAheadWithinItsErrorBound) {
    const auto gpu = Gpu::open(stand_in());
    ASSERT_TRUE(gpu) << gpu.error().what;
    auto clock = DeviceClock::open(**gpu);
    ASSERT_TRUE(clock) << clock.error().what;
    ASSERT_TRUE(clock->read_timers());
    std::int64_t last_ns = 0;
    for (int exchange = 0; exchange < 3; ++exchange) {
        const auto offset = clock->compare();
        ASSERT_TRUE(offset) << offset.error().what;
        EXPECT_LE(std::abs(offset->ahead_ns - truly_ahead_ns), offset->error_ns);
        EXPECT_LT(offset->error_ns, 1000);  // a word takes 500 ns each way
        EXPECT_GT(offset->at_ns, last_ns);
        last_ns = offset->at_ns;
    }
}

TEST(DeviceClock, MeasuresTheTickAndTheCycle) {
    const auto gpu = Gpu::open(stand_in());
    ASSERT_TRUE(gpu);
    auto clock = DeviceClock::open(**gpu);
    ASSERT_TRUE(clock);
    const auto timers = clock->read_timers();
    ASSERT_TRUE(timers) << timers.error().what;
    EXPECT_EQ(timers->tick_ns, 40);  // its timers move by being read, and two are read for each step
    EXPECT_NEAR(timers->ns_a_cycle, truly_ns_a_cycle, truly_ns_a_cycle * 1e-4);
}

TEST(DeviceClock, SpansTenMilliseconds) {
    const auto gpu = Gpu::open(stand_in());
    ASSERT_TRUE(gpu);
    auto clock = DeviceClock::open(**gpu);
    ASSERT_TRUE(clock);
    const WallClock now = (*gpu)->driver().clock();
    const std::int64_t begin = now();
    ASSERT_TRUE(clock->read_timers());
    EXPECT_GE(now() - begin, 10'000'000);
    EXPECT_LT(now() - begin, 100'000'000);  // far from any watchdog
}

}  // namespace
}  // namespace passbench
