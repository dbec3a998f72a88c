#include "guest/agent/sampler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::ElementsAre;

std::int64_t made_up_time = 0;
std::int64_t made_up_now() { return made_up_time; }

/// Each iteration takes 5 ns of a made-up clock; the device says 100, 101, ... and how many iterations it was asked about.
class MadeUpDevice final : public WorkloadInstance {
public:
    void iterate() override { made_up_time += 5; }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "sm_75"; }
    [[nodiscard]] Result<void> verify() override { return {}; }
    [[nodiscard]] Result<void> check_results() const override { return {}; }
    [[nodiscard]] std::span<std::byte> results() override { return {}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }
    [[nodiscard]] WallClock wall_clock() const override { return &made_up_now; }
    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns", "asked"}; }
    [[nodiscard]] Result<void> before_sample() override {
        made_up_time += 1000;  // must not be seen in a wall time
        return {};
    }
    [[nodiscard]] Result<void> after_sample() override {
        made_up_time += 1000;
        if (next_ == lost_at) return fail({.code = ErrorCode::device_lost, .what = "gone"});
        return {};
    }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        values[0] = next_++;
        values[1] = iterations;
        return {};
    }
    std::int64_t lost_at = -1;

private:
    std::int64_t next_ = 100;
};

TEST(Sampler, TimesTheIterationsAloneByTheClockOfTheDevice) {
    MadeUpDevice device;
    Sampler sampler(device);
    std::vector<std::int64_t> wall_ns(2);
    ASSERT_TRUE(sampler.take(wall_ns, 1));
    EXPECT_THAT(wall_ns, ElementsAre(5, 5));
    ASSERT_TRUE(sampler.take(wall_ns, 10));
    EXPECT_THAT(wall_ns, ElementsAre(50, 50));
}

TEST(Sampler, HandsOverTheDevicesColumnsInTheOrderOfTheSamples) {
    MadeUpDevice device;
    Sampler sampler(device);
    std::vector<std::int64_t> wall_ns(3);
    ASSERT_TRUE(sampler.take(wall_ns, 1));
    ASSERT_TRUE(sampler.take(wall_ns, 7));
    const auto first = sampler.hand_over(1);
    const auto rest = sampler.hand_over(5);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].name, "device_ns");
    EXPECT_THAT(first[0].values, ElementsAre(100));
    EXPECT_THAT(rest[0].values, ElementsAre(101, 102, 103, 104, 105));
    EXPECT_THAT(rest[1].values, ElementsAre(1, 1, 7, 7, 7));
}

TEST(Sampler, AWarmUpAsksForNoColumns) {
    MadeUpDevice device;
    Sampler sampler(device);
    std::vector<std::int64_t> wall_ns(2);
    ASSERT_TRUE(sampler.take_wall_alone(wall_ns, 3));
    EXPECT_THAT(wall_ns, ElementsAre(15, 15));
    ASSERT_TRUE(sampler.take(wall_ns, 1));
    EXPECT_THAT(sampler.hand_over(2)[0].values, ElementsAre(100, 101));
}

TEST(Sampler, EndsWithTheErrorOfTheDevice) {
    MadeUpDevice device;
    device.lost_at = 102;
    Sampler sampler(device);
    std::vector<std::int64_t> wall_ns(5);
    const auto taken = sampler.take(wall_ns, 1);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::device_lost);
}

}  // namespace
}  // namespace passbench
