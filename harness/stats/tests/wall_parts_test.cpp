// Where the wall time goes: the parts of stats.json, from made-up samples.
#include "harness/stats/wall_parts.hpp"

#include <gtest/gtest.h>

#include "harness/stats/tests/measured_run.hpp"

namespace passbench {
namespace {

/// A run of `launch`.
class Launches : public MeasuredRun {
public:
    explicit Launches(int blocks) : MeasuredRun({"native"}, {blocks}, 1) {
        plan.cases[0].workload = "launch";
        plan.cases[0].form = Form::cuda;
    }
};

Facts clocks(double device_tick_ns, double error_ns) {
    return {{"part.enqueue.tick_ns", 20.0},
            {"part.submit_to_start.tick_ns", device_tick_ns},
            {"part.submit_to_start.error_ns", error_ns},
            {"part.run.tick_ns", 0.7},
            {"part.finish_to_wake.tick_ns", device_tick_ns},
            {"part.finish_to_wake.error_ns", error_ns}};
}

struct Stamps {
    std::int64_t wall;
    std::int64_t enqueue;
    std::int64_t submit_to_start;
    std::int64_t run;
    std::int64_t finish_to_wake;
};

TrialToWrite trial(int block, const Stamps& stamps, Facts facts, std::int64_t ops = 1) {
    return {.block = block,
            .wall_ns = {stamps.wall},
            .ops = ops,
            .facts = std::move(facts),
            .columns = {{"enqueue_ns", {stamps.enqueue}},
                        {"submit_to_start_ns", {stamps.submit_to_start}},
                        {"run_ns", {stamps.run}},
                        {"finish_to_wake_ns", {stamps.finish_to_wake}}}};
}

double told(const WallParts& parts) {
    double sum = 0;
    for (const WallPart& part : parts.parts) sum += part.value.value_or(0);
    return sum;
}

TEST(WallParts, AddUpToTheWallTimeWithTheRemainder) {
    Launches run(7);
    for (int block = 0; block < 7; ++block) {
        run.add(
            trial(block, {9001 + 7 * block, 2003 - block, 3999 + 5 * block, 1203, 1700 + 3 * block}, clocks(32, 540)));
    }
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats) << stats.error().what;
    ASSERT_EQ(stats->parts.size(), 1U);
    const WallParts& parts = stats->parts[0];
    EXPECT_EQ(parts.blocks, 7);
    EXPECT_EQ(*parts.whole, 9001 + 21);
    ASSERT_EQ(parts.parts.size(), 4U);
    EXPECT_EQ(parts.parts[0].name, "enqueue");
    EXPECT_EQ(*parts.parts[0].value, 2000);
    EXPECT_EQ(*parts.parts[0].lo, 1997);
    EXPECT_EQ(*parts.parts[0].hi, 2003);
    EXPECT_DOUBLE_EQ(*parts.parts[1].share, (3999.0 + 15) / 9022);
    EXPECT_EQ(told(parts) + *parts.remainder, *parts.whole);
    EXPECT_EQ(*parts.remainder, 9022 - 2000 - 4014 - 1203 - 1709);
}

TEST(WallParts, SayHowFarTheClocksCouldBeWrongWhereAPartLiesBetweenThem) {
    Launches run(2);
    run.add(trial(0, {9000, 2000, 4000, 1200, 1700}, clocks(32, 540)));
    run.add(trial(1, {9000, 2000, 4000, 1200, 1700}, clocks(32, 610)));
    const auto stats = run.analyzed();
    ASSERT_EQ(stats->parts.size(), 1U);
    const auto& parts = stats->parts[0].parts;
    EXPECT_FALSE(parts[0].clocks);
    EXPECT_EQ(parts[1].clocks, 610);  // the worst of the trials
    EXPECT_FALSE(parts[2].clocks);
    EXPECT_EQ(parts[3].clocks, 610);
}

TEST(WallParts, UnderThreeTicksAreLessThanThatAndLeftToTheRemainder) {
    Launches run(1);
    run.add(trial(0, {9000, 2000, 4000, 2, 1700}, clocks(1000, 540)));
    const auto stats = run.analyzed();
    ASSERT_EQ(stats->parts.size(), 1U);
    const WallParts& parts = stats->parts[0];
    EXPECT_EQ(*parts.parts[1].value, 4000);  // 4 ticks of 1000
    EXPECT_FALSE(parts.parts[2].value);
    EXPECT_DOUBLE_EQ(*parts.parts[2].under, 3 * 0.7);
    EXPECT_FALSE(parts.parts[2].share);
    EXPECT_FALSE(parts.parts[3].value);
    EXPECT_EQ(parts.parts[3].under, 3000);
    EXPECT_EQ(told(parts) + *parts.remainder, 9000);
    EXPECT_EQ(*parts.remainder, 9000 - 2000 - 4000);
}

TEST(WallParts, AreThoseOfOneOperation) {
    Launches run(1);
    run.add(trial(0, {64'000, 6'400, 12'800, 32'000, 12'800}, clocks(1, 5), 64));
    const auto stats = run.analyzed();
    EXPECT_EQ(*stats->parts.at(0).whole, 1000);
    EXPECT_EQ(*stats->parts.at(0).parts[0].value, 100);
}

TEST(WallParts, ThatCouldNotBeToldApartSayWhy) {
    Launches run(1);
    run.add({.wall_ns = {9000}, .facts = {{"parts.why", "this device cannot map the host's memory"}}});
    const auto stats = run.analyzed();
    ASSERT_EQ(stats->parts.size(), 1U);
    EXPECT_TRUE(stats->parts[0].parts.empty());
    EXPECT_EQ(stats->parts[0].why, "this device cannot map the host's memory");
    EXPECT_FALSE(stats->parts[0].remainder);
}

TEST(WallParts, AreNoneWhereNobodyStampedOrAWorkloadHasNone) {
    Launches unstamped(1);
    unstamped.add({.wall_ns = {9000}});
    EXPECT_TRUE(unstamped.analyzed()->parts.empty());
    MeasuredRun copies({"native"}, {1}, 1);
    copies.add({.wall_ns = {9000}});
    EXPECT_TRUE(copies.analyzed()->parts.empty());
}

TEST(WallParts, OfASimulatedDeviceSayThatTheyAre) {
    Launches run(1);
    TrialToWrite simulated = trial(0, {9000, 2000, 4000, 1200, 1700}, clocks(32, 540));
    simulated.simulated = true;
    run.add(simulated);
    EXPECT_TRUE(run.analyzed()->parts.at(0).simulated);
}

}  // namespace
}  // namespace passbench
