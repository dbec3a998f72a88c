#include "guest/telemetry/gpu_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/telemetry/tests/fake_nvml.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t allocated = 64 << 20;

/// A watch over a trial that has allocated and is prepared.
class GpuWatchTest : public testing::Test {
protected:
    GpuWatchTest() : watch_(GpuWatch::start(fake_nvml())) {
        fake_card().used_bytes += allocated;
        watch_.choose(fake_uuid);
        watch_.look("prepared");
    }
    void measure() { watch_.look("measured"); }

    GpuWatch watch_;
};

TEST_F(GpuWatchTest, AHealthyCardGoesOnAndItsValuesAreValid) {
    measure();
    EXPECT_TRUE(watch_.may_go_on());
    EXPECT_FALSE(watch_.broken_invariant(allocated));
    EXPECT_EQ(fact_text(watch_.facts(), "nvml"), "580.95.05");
    EXPECT_FALSE(watch_.facts().contains("gpu.held_back"));
    ASSERT_EQ(watch_.looks().size(), 2U);
    EXPECT_EQ(fact_text(facts_of(watch_.looks()[0]), "moment"), "prepared");
    EXPECT_EQ(fact_text(facts_of(watch_.looks()[1]), "moment"), "measured");
    EXPECT_EQ(fact_int(facts_of(watch_.looks()[1]), "gpu.sm_clock_mhz"), 1590);
}

TEST_F(GpuWatchTest, ACardAtItsSlowdownTemperatureEndsTheRun) {
    fake_card().temperature = 92;
    measure();
    EXPECT_TRUE(watch_.may_go_on());
    fake_card().temperature = 93;
    watch_.look("later");
    const auto hot = watch_.may_go_on();
    ASSERT_FALSE(hot);
    EXPECT_EQ(hot.error().finding, "gpu.too_hot");
    EXPECT_THAT(hot.error().what, HasSubstr("93 C"));
    EXPECT_FALSE(hot.error().fix.empty());
}

TEST_F(GpuWatchTest, ErrorsThatGrowEndTheRunAndOldOnesDoNot) {
    EXPECT_TRUE(watch_.may_go_on());
    fake_card().uncorrected = 3;
    measure();
    const auto worse = watch_.may_go_on();
    ASSERT_FALSE(worse);
    EXPECT_EQ(worse.error().finding, "gpu.ecc_uncorrectable");
    EXPECT_THAT(worse.error().what, HasSubstr("from 0 to 3"));
}

TEST(GpuWatch, ErrorsFromBeforeTheTrialDoNotEndIt) {
    auto watch = GpuWatch::start(fake_nvml());
    fake_card().uncorrected = 3;
    watch.choose(fake_uuid);
    watch.look("prepared");
    watch.look("measured");
    EXPECT_TRUE(watch.may_go_on());
}

TEST_F(GpuWatchTest, ALostCardIsLost) {
    fake_card().lost = true;
    measure();
    const auto lost = watch_.may_go_on();
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::device_lost);
    EXPECT_EQ(lost.error().finding, "gpu.device_lost");
}

TEST(GpuWatch, ACardThatIsLostBeforeItIsLookedAtIsLost) {
    auto watch = GpuWatch::start(fake_nvml());
    fake_card().lost = true;
    watch.choose(fake_uuid);
    ASSERT_FALSE(watch.may_go_on());
    EXPECT_EQ(watch.may_go_on().error().finding, "gpu.device_lost");
}

TEST_F(GpuWatchTest, ANarrowLinkUnderLoadMakesTheValuesInvalid) {
    fake_card().width = 8;
    measure();
    const auto broken = watch_.broken_invariant(allocated);
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->finding, "gpu.link_width");
    EXPECT_THAT(broken->what, HasSubstr("8 lanes under load where card and slot have 16"));
}

TEST_F(GpuWatchTest, ALinkThatIsNarrowOnlyBeforeTheLoadIsNone) {
    fake_card().generation = 1;
    watch_.look("warmed_up");
    fake_card().generation = 3;
    measure();
    EXPECT_FALSE(watch_.broken_invariant(allocated));
}

TEST_F(GpuWatchTest, AnOldGenerationUnderLoadMakesTheValuesInvalid) {
    fake_card().generation = 1;
    measure();
    ASSERT_TRUE(watch_.broken_invariant(allocated));
    EXPECT_EQ(watch_.broken_invariant(allocated)->finding, "gpu.link_speed");
}

TEST_F(GpuWatchTest, MemoryThatIsNotOnTheCardMakesTheValuesInvalid) {
    fake_card().used_bytes = allocated / 2;
    measure();
    const auto broken = watch_.broken_invariant(allocated);
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->finding, "gpu.paged_out");
    EXPECT_THAT(broken->what, HasSubstr("64 MiB were allocated on the card and only 32 MiB"));
}

TEST_F(GpuWatchTest, ACardThatIsHeldBackIsSaidToBe) {
    fake_card().reasons = 0x40;
    watch_.look("warmed_up");
    fake_card().reasons = 0;
    measure();
    EXPECT_EQ(fact_text(watch_.facts(), "gpu.held_back"), "hot, by the hardware");
}

TEST(GpuWatch, AnNvmlThatNothingMovesIsStaleAndWhatItSaysMakesNothingInvalid) {
    auto watch = GpuWatch::start(fake_nvml());
    fake_card().generation = 1;
    watch.choose(fake_uuid);
    watch.look("prepared");
    watch.look("measured");
    EXPECT_EQ(fact_bool(watch.facts(), "gpu.stale"), true);
    EXPECT_FALSE(watch.broken_invariant(allocated));
}

TEST_F(GpuWatchTest, AnNvmlThatSeesTheMemoryIsNotStale) {
    measure();
    EXPECT_FALSE(watch_.facts().contains("gpu.stale"));
}

TEST_F(GpuWatchTest, CopiesFarBelowTheLinkAreToldAndOthersAreNot) {
    measure();
    EXPECT_FALSE(watch_.slow_link(12e9));
    EXPECT_THAT(watch_.slow_link(6e9).value_or(""),
                HasSubstr("6 GB/s, 38.1 % of what the link of card and slot carries (PCIe generation 3 x 16)"));
}

TEST_F(GpuWatchTest, LongWorkIsLookedAtOnceASecond) {
    constexpr std::int64_t second = 1'000'000'000;
    watch_.look_at_work(0);
    const int asked = fake_card().asked;
    watch_.look_at_work(second - 1);
    EXPECT_EQ(fake_card().asked, asked);
    watch_.look_at_work(second);
    EXPECT_GT(fake_card().asked, asked);
}

TEST_F(GpuWatchTest, OfAnHourOfWorkSomeLooksAreKeptFromItsBeginToItsEndAndTheLastOneCounts) {
    constexpr std::int64_t second = 1'000'000'000;
    constexpr int hour = 3600;
    for (int now = 0; now < hour; ++now) {
        fake_card().sm_clock = static_cast<unsigned>(now);
        fake_card().temperature = now == hour - 1 ? 95 : 60;
        watch_.look_at_work(now * second);
    }
    EXPECT_LT(watch_.looks().size(), 45U);
    EXPECT_GT(watch_.looks().size(), 15U);
    EXPECT_LT(watch_.looks()[1].moment.value(gpu_field::sm_clock), 100);
    EXPECT_GT(watch_.looks().back().moment.value(gpu_field::sm_clock), hour - 300);
    EXPECT_FALSE(watch_.may_go_on());
}

TEST(GpuWatch, WithoutNvmlNothingIsWatchedAndTheReasonIsKept) {
    auto watch = GpuWatch::start(Nvml::load("/nonexistent/libnvidia-ml.so.1"));
    watch.choose(fake_uuid);
    watch.look("prepared");
    watch.look("measured");
    EXPECT_TRUE(watch.may_go_on());
    EXPECT_FALSE(watch.broken_invariant(allocated));
    EXPECT_THAT(watch.looks(), IsEmpty());
    EXPECT_THAT(fact_text(watch.facts(), "nvml").value_or(""), HasSubstr("/nonexistent/libnvidia-ml.so.1"));
}

TEST(GpuWatch, AnOldLibraryIsWatchedByWhatItHas) {
    auto watch = GpuWatch::start(fake_old_nvml());
    watch.choose("");
    watch.look("prepared");
    watch.look("measured");
    EXPECT_TRUE(watch.may_go_on());
    EXPECT_FALSE(watch.broken_invariant(allocated));
    EXPECT_FALSE(watch.facts().contains("gpu.stale"));
}

}  // namespace
}  // namespace passbench
