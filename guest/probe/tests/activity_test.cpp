#include "guest/probe/activity.hpp"

#include <gtest/gtest.h>

#include "guest/probe/tests/machine_tree.hpp"

namespace passbench {
namespace {

TEST(CpuTimes, CountTheChosenCpusAlone) {
    const MachineTree tree("");
    tree.write(
        "proc/stat",
        "cpu  30 0 0 70 0 0 0 0 0 0\ncpu0 10 0 0 40 0 0 0 0 0 0\ncpu1 20 0 0 25 0 0 0 5 9 0\nintr 7\ncpu2 1 1 1 1\n");
    EXPECT_EQ(read_cpu_times(tree.files(), {1}).total, 50);
    EXPECT_EQ(read_cpu_times(tree.files(), {1}).steal, 5);
    EXPECT_EQ(read_cpu_times(tree.files(), {0}).steal, 0);
    EXPECT_EQ(read_cpu_times(tree.files(), {}).total, 100);
}

TEST(CpuTimes, AreZeroWhereTheKernelDoesNotSay) {
    const MachineTree tree("");
    EXPECT_EQ(read_cpu_times(tree.files(), {}).total, 0);
    EXPECT_EQ(steal_fraction({}, {}), 0.0);
}

TEST(StealFraction, IsTheStolenShareOfTheTimeBetween) {
    EXPECT_DOUBLE_EQ(steal_fraction({.total = 100, .steal = 10}, {.total = 300, .steal = 60}), 0.25);
}

TEST(ProcessTimes, FindTheTimesBehindANameWithBlanksAndParentheses) {
    const MachineTree tree("");
    tree.write("proc/42/stat", "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 70 30 0 0 20 0 1 0 500 0 0\n");
    tree.write("proc/7x/stat", "7 (no) S 1 1 1 1 1 1 1 1 1 1 1 1\n");
    tree.write("proc/43/stat", "43 (ended");
    const ProcessTimes times = read_process_times(tree.files());
    ASSERT_EQ(times.by_pid.size(), 1U);
    EXPECT_EQ(times.by_pid.at(42).name, "a) b (c)");
    EXPECT_EQ(times.by_pid.at(42).ticks, 100);
}

TEST(BusyProcesses, AreThoseThatRanBetweenTheLooksWithoutOurselves) {
    ProcessTimes earlier;
    earlier.by_pid = {{1, {"init", 500}}, {10, {"make", 100}}, {11, {"idle", 50}}, {12, {"us", 0}}};
    ProcessTimes later;
    later.by_pid = {{1, {"init", 510}}, {10, {"make", 190}}, {11, {"idle", 51}}, {12, {"us", 90}}, {13, {"new", 90}}};
    const auto busy = busy_processes(earlier, later, 100, 12);
    ASSERT_EQ(busy.size(), 2U);
    EXPECT_EQ(busy[0].name, "make");
    EXPECT_DOUBLE_EQ(busy[0].of_one_cpu, 0.9);
    EXPECT_EQ(busy[1].name, "init");
}

}  // namespace
}  // namespace passbench
