#include "guest/agent/sampling.hpp"

#include <functional>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t s = 1'000 * ms;

/// A workload whose iteration number n takes time_of(n) ns.
class MadeUpWorkload {
public:
    explicit MadeUpWorkload(std::function<std::int64_t(std::int64_t)> time_of) : time_of_(std::move(time_of)) {}
    [[nodiscard]] TakeSamples sampler() {
        return [this](std::span<std::int64_t> wall_ns, std::int64_t batch) -> Result<void> {
            if (lost_after_ && iterations_ > *lost_after_)
                return fail({.code = ErrorCode::device_lost, .what = "gone"});
            for (std::int64_t& value : wall_ns) {
                value = 0;
                for (std::int64_t call = 0; call < batch; ++call) value += time_of_(iterations_++);
                spent_ns_ += value;
            }
            return {};
        };
    }
    void lose_after(std::int64_t iterations) { lost_after_ = iterations; }
    [[nodiscard]] std::int64_t iterations() const { return iterations_; }
    [[nodiscard]] std::int64_t spent_ns() const { return spent_ns_; }

private:
    std::function<std::int64_t(std::int64_t)> time_of_;
    std::int64_t iterations_ = 0;
    std::int64_t spent_ns_ = 0;
    std::optional<std::int64_t> lost_after_;
};

MadeUpWorkload constant(std::int64_t time) {
    return MadeUpWorkload([time](std::int64_t) { return time; });
}

std::size_t total(const WarmedUp& warmed) {
    std::size_t count = 0;
    for (const Samples& samples : warmed.samples) count += samples.wall_ns.size();
    return count;
}

constexpr WarmUpRules usual = {.warmup_ns = 500 * ms, .cap_ns = 10 * s, .timer_resolution_ns = 20};

TEST(WarmUp, LastsAtLeastTheAskedTimeAndThreeIterations) {
    auto workload = constant(ms);
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_GE(warmed.spent_ns, 500 * ms);
    EXPECT_LT(warmed.spent_ns, 1100 * ms);
    EXPECT_TRUE(warmed.steady);
    EXPECT_EQ(warmed.batch, 1);

    auto slow = constant(2 * s);
    EXPECT_GE(total(*warm_up(usual, slow.sampler())), 3U);
}

TEST(WarmUp, KeepsEverySampleThatItTook) {
    auto workload = constant(3 * ms);
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_EQ(static_cast<std::int64_t>(total(warmed)), workload.iterations());
    EXPECT_EQ(warmed.spent_ns, workload.spent_ns());
}

TEST(WarmUp, GoesOnUntilThreeWindowsAgreeWithinTwoPercent) {
    // 10 ms an iteration: windows of 8. It gets faster for 200 iterations, then settles.
    MadeUpWorkload workload([](std::int64_t n) { return 10 * ms + std::max<std::int64_t>(200 - n, 0) * ms / 10; });
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_TRUE(warmed.steady);
    EXPECT_GT(total(warmed), 150U);
    EXPECT_LT(total(warmed), 260U);
}

TEST(WarmUp, AcceptsAChangeOfTwoPercentAndNotOfThree) {
    const auto ends_steady = [](std::int64_t percent) {
        // Alternates from window to window (50 of 1 ms), so that it never settles by itself.
        MadeUpWorkload workload([percent](std::int64_t n) { return ms + (n / 50 % 2) * ms * percent / 100; });
        return warm_up({.warmup_ns = 0, .cap_ns = s, .timer_resolution_ns = 20}, workload.sampler())->steady;
    };
    EXPECT_TRUE(ends_steady(2));
    EXPECT_FALSE(ends_steady(3));
}

TEST(WarmUp, StopsAtTheCapAndSaysThatItIsNotSteady) {
    MadeUpWorkload workload([](std::int64_t n) { return ms + n * ms / 20; });
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_FALSE(warmed.steady);
    EXPECT_GE(warmed.spent_ns, 10 * s);
    EXPECT_LT(warmed.spent_ns, 11 * s);
}

TEST(WarmUp, OverrunsTheCapByOneIterationAtMost) {
    auto workload = constant(3 * s);
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_FALSE(warmed.steady);
    EXPECT_LE(warmed.spent_ns, 12 * s);
}

TEST(WarmUp, TakesThreeIterationsWhereNoTimeIsGiven) {
    auto workload = constant(ms);
    EXPECT_EQ(total(*warm_up({.warmup_ns = 0, .cap_ns = 0, .timer_resolution_ns = 20}, workload.sampler())), 3U);
}

TEST(WarmUp, BatchesSoThatASampleLastsAHundredTimesTheResolution) {
    auto workload = constant(40);
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_GE(warmed.batch * 40, 100 * 20);
    EXPECT_LE(warmed.batch * 40, 3 * 100 * 20);
    EXPECT_EQ(warmed.samples.back().batch, warmed.batch);
    EXPECT_TRUE(warmed.steady);
}

TEST(WarmUp, DoesNotBatchWhatIsLongEnoughForTheClock) {
    auto workload = constant(2'000);
    EXPECT_EQ(warm_up(usual, workload.sampler())->batch, 1);
    auto short_one = constant(1'999);
    EXPECT_GT(warm_up(usual, short_one.sampler())->batch, 1);
}

TEST(WarmUp, ChoosesTheBatchAnewWhenTheWorkGetsFaster) {
    MadeUpWorkload workload([](std::int64_t n) { return n < 10 ? 100'000 : 50; });
    const WarmedUp warmed = *warm_up(usual, workload.sampler());
    EXPECT_GE(warmed.batch * 50, 100 * 20);
}

TEST(WarmUp, BatchesABodyThatTheClockDoesNotSeeAtAll) {
    auto workload = constant(0);
    const WarmedUp warmed = *warm_up({.warmup_ns = 0, .cap_ns = 0, .timer_resolution_ns = 20}, workload.sampler());
    EXPECT_GT(warmed.batch, 1);
}

TEST(MeasureCount, TakesExactlyTheCountInBatches) {
    auto workload = constant(5);
    const TakenSamples measured = *measure_count(30, 7, workload.sampler());
    EXPECT_EQ(measured.wall_ns, std::vector<std::int64_t>(30, 35));
    EXPECT_EQ(measured.stopped_by, "count");
}

TEST(MeasureToPrecision, LooksAtThirtySixtyAndSoOnAndStopsWhenTheMedianIsKnownToOnePercent) {
    auto quiet = constant(10 * ms);
    const TakenSamples measured = *measure_to_precision(1, quiet.sampler());
    EXPECT_EQ(measured.wall_ns.size(), 30U);
    EXPECT_EQ(measured.stopped_by, "precision");

    // Uniform within +-10 %: the interval of the median is too wide at 30 and narrow enough somewhat later.
    MadeUpWorkload noisy([](std::int64_t n) { return 10 * ms + (n * 7919 % 2001 - 1000) * ms / 1000; });
    const TakenSamples later = *measure_to_precision(1, noisy.sampler());
    EXPECT_EQ(later.stopped_by, "precision");
    EXPECT_GT(later.wall_ns.size(), 60U);
    EXPECT_EQ(later.wall_ns.size() % 30, 0U);
}

TEST(MeasureToPrecision, MeasuresForAtLeastAFifthOfASecond) {
    auto workload = constant(ms);
    const TakenSamples measured = *measure_to_precision(1, workload.sampler());
    EXPECT_EQ(measured.wall_ns.size(), 240U);
    EXPECT_EQ(measured.stopped_by, "precision");
}

TEST(MeasureToPrecision, EndsAtTwoThousandSamples) {
    auto workload = constant(1'000);
    const TakenSamples measured = *measure_to_precision(1, workload.sampler());
    EXPECT_EQ(measured.wall_ns.size(), 2'000U);
    EXPECT_EQ(measured.stopped_by, "samples");
}

TEST(MeasureToPrecision, EndsAfterTenSeconds) {
    MadeUpWorkload workload([](std::int64_t n) { return n % 2 == 0 ? 100 * ms : 300 * ms; });
    const TakenSamples measured = *measure_to_precision(1, workload.sampler());
    EXPECT_EQ(measured.stopped_by, "time");
    EXPECT_GE(workload.spent_ns(), 10 * s);
    EXPECT_LT(workload.spent_ns(), 11 * s);
}

TEST(MedianOf, IsTheLowerOfTheTwoInTheMiddle) {
    EXPECT_EQ(median_of(std::vector<std::int64_t>{3, 1, 2}), 2);
    EXPECT_EQ(median_of(std::vector<std::int64_t>{4, 1, 3, 2}), 2);
}

TEST(Sampling, EndsWithTheErrorOfTheDeviceWhereverItIsLost) {
    for (const std::int64_t iterations : {0, 5, 400}) {
        auto workload = constant(ms);
        workload.lose_after(iterations);
        EXPECT_FALSE(warm_up(usual, workload.sampler())) << iterations;
        const auto counted = measure_count(30, 1, workload.sampler());
        ASSERT_FALSE(counted);
        EXPECT_EQ(counted.error().code, ErrorCode::device_lost);
        EXPECT_FALSE(measure_to_precision(1, workload.sampler()));
    }
}

TEST(WarmUp, TakesNoBatchesWhereEachIterationIsPreparedByItself) {
    auto short_one = constant(10);
    const auto warmed = warm_up({.warmup_ns = ms, .cap_ns = 10 * ms, .timer_resolution_ns = 20, .may_batch = false},
                                short_one.sampler());
    ASSERT_TRUE(warmed);
    EXPECT_EQ(warmed->batch, 1);
}

TEST(WarmUp, OfAVirtualClockEndsAfterItsMostSamples) {
    auto workload = constant(1000);
    const auto warmed =
        warm_up({.warmup_ns = s, .cap_ns = 10 * s, .timer_resolution_ns = 1, .most_samples = 64}, workload.sampler());
    ASSERT_TRUE(warmed);
    EXPECT_TRUE(warmed->steady);
    EXPECT_LE(total(*warmed), 100U);
}

}  // namespace
}  // namespace passbench
