#include "guest/telemetry/gpu_moment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/telemetry/tests/fake_nvml.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(GpuMoment, HasWhatTheLibraryTells) {
    const auto nvml = fake_nvml();
    const GpuMoment moment = read_gpu_moment(*nvml, nullptr);
    EXPECT_EQ(moment.value(gpu_field::sm_clock), 1590);
    EXPECT_EQ(moment.value(gpu_field::temperature), 60);
    EXPECT_EQ(moment.value(gpu_field::memory_used), 1 << 20);
    EXPECT_FALSE(moment.lost);
    EXPECT_EQ(fact_int(facts_of(moment), "gpu.power_mw"), 60'000);
}

TEST(GpuMoment, AFieldThatIsNotSupportedIsAbsentByItsNameAndTheOthersStay) {
    const auto nvml = fake_nvml();
    fake_card().has_power = false;
    const GpuMoment moment = read_gpu_moment(*nvml, nullptr);
    EXPECT_FALSE(moment.value(gpu_field::power));
    EXPECT_EQ(moment.value(gpu_field::sm_clock), 1590);
    const Facts facts = facts_of(moment);
    EXPECT_FALSE(facts.contains("gpu.power_mw"));
    EXPECT_THAT(fact_text(facts, "gpu.absent").value_or(""), HasSubstr("power_mw: Not Supported"));
}

TEST(GpuMoment, ALibraryWithoutTheFunctionsGivesNoValueAndNoTrouble) {
    const GpuMoment moment = read_gpu_moment(*fake_old_nvml(), nullptr);
    EXPECT_THAT(moment.values, IsEmpty());
    EXPECT_EQ(moment.absent.size(), 22U);
}

TEST(GpuMoment, KnowsThatTheCardIsLost) {
    const auto nvml = fake_nvml();
    fake_card().lost = true;
    EXPECT_TRUE(read_gpu_moment(*nvml, nullptr).lost);
}

TEST(HeldBack, NamesWhatSlowsTheCardDownAndNotItsOrdinaryPowerCap) {
    EXPECT_EQ(held_back_by(0x4), "");
    EXPECT_EQ(held_back_by(0x1), "");
    EXPECT_EQ(held_back_by(0x20 | 0x4), "hot, by the driver");
    EXPECT_EQ(held_back_by(0x8 | 0x40), "hardware slowdown, hot, by the hardware");
}

}  // namespace
}  // namespace passbench
