#include "guest/agent/trial_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t second_ns = 1'000'000'000;

MachineMoment before() {
    MachineMoment moment;
    moment.cpu_times = {.total = 1000, .steal = 100};
    moment.usable_cpus = {0, 1};
    moment.steady_ns = 50 * second_ns;
    moment.boot_ns = 60 * second_ns;
    moment.real_ns = 70 * second_ns;
    return moment;
}

/// One second later, all well: 200 ticks on two CPUs.
MachineMoment after() {
    MachineMoment moment = before();
    moment.cpu_times.total += 200;
    moment.steady_ns += second_ns;
    moment.boot_ns += second_ns;
    moment.real_ns += second_ns;
    return moment;
}

TEST(BrokenInvariant, IsNoneOnAQuietMachine) { EXPECT_EQ(broken_invariant(before(), after()), ""); }

TEST(BrokenInvariant, NamesASuspend) {
    MachineMoment later = after();
    later.boot_ns += 7 * second_ns;
    EXPECT_EQ(broken_invariant(before(), later), "the machine was suspended for 7.0 s during the trial");
}

TEST(BrokenInvariant, NamesAChangedSetOfCpus) {
    MachineMoment later = after();
    later.usable_cpus = {0};
    EXPECT_EQ(broken_invariant(before(), later), "the usable CPUs changed during the trial, from 0,1 to 0");
}

TEST(BrokenInvariant, NamesStealAboveHalfAndNotBelow) {
    MachineMoment later = after();
    later.cpu_times.steal += 100;
    EXPECT_EQ(broken_invariant(before(), later), "");
    later.cpu_times.steal += 10;
    EXPECT_THAT(broken_invariant(before(), later), HasSubstr("took 55 % of the trial's CPU time"));
}

TEST(BrokenInvariant, DoesNotJudgeAShortTrialByATickOrTwo) {
    MachineMoment later = before();
    later.cpu_times.total += 8;
    later.cpu_times.steal += 4;
    EXPECT_EQ(broken_invariant(before(), later), "");
}

TEST(Telemetry, TellsHowFarTheCalendarMovedAgainstTheSteadyClock) {
    MachineMoment later = after();
    later.real_ns += 3 * second_ns;
    later.cpu_khz = 2'600'000;
    const Facts facts = telemetry_facts(before(), later);
    EXPECT_EQ(fact_int(facts, "clock.step_ns"), 3 * second_ns);
    EXPECT_EQ(fact_int(facts, "trial.wall_ns"), second_ns);
    EXPECT_EQ(fact_int(facts, "cpu.clock_khz"), 2'600'000);
    EXPECT_FALSE(facts.contains("cpu.throttles"));
}

TEST(ObserveMachine, SeesThisOne) {
    const MachineMoment moment = observe_machine(MachineFiles(), {});
    EXPECT_GT(moment.cpu_times.total, 0);
    EXPECT_FALSE(moment.usable_cpus.empty());
    EXPECT_GE(moment.boot_ns, moment.steady_ns - second_ns);
}

TEST(HiccupMeter, HasNoPercentileBelowAThousandSleeps) {
    HiccupMeter meter;
    for (int number = 1; number < 1000; ++number) meter.record(number);
    EXPECT_EQ(meter.p999_ns(), std::nullopt);
    meter.record(1000);
    EXPECT_EQ(meter.p999_ns(), 999);  // nearest rank (R8.1): the 999th of 1000
}

TEST(HiccupMeter, SleepsOnlyWhenItHasTimeFor) {
    HiccupMeter meter;
    meter.run(-5);
    meter.run(1'900'000);
    EXPECT_EQ(meter.count(), 0);
    meter.run(20'000'000);
    EXPECT_GE(meter.count(), 1);
    EXPECT_LE(meter.count(), 20);
}

}  // namespace
}  // namespace passbench
