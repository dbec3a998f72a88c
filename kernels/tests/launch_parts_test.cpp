// Where the time of a launch goes, on the stand-in: its costs are known, so each must be found in its part, and a planted overhead
// in the parts of its side.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

using Means = std::map<std::string, double>;  // of each column, an iteration

ThreadPool& pool() {
    static ThreadPool one({usable_cpus().front()});
    return one;
}

struct Planted {
    double host = 0;
    double device = 0;
};

PreparedCase prepare_launch(std::int64_t depth, const std::string& sync, const Planted& planted = {}) {
    return find_workload_form("launch", Form::cuda)
        ->prepare({{"depth", depth}, {"sync", sync}}, {.pool = pool(),
                                                       .seed = 1,
                                                       .driver = {.library = PASSBENCH_STAND_IN,
                                                                  .seed = 1,
                                                                  .inject_host = planted.host,
                                                                  .inject_device = planted.device}});
}

/// Of 40 samples; every sample is held against its whole.
Means measure(std::int64_t depth, const std::string& sync, const Planted& planted = {}) {
    constexpr int samples = 40;
    const auto instance = prepare_launch(depth, sync, planted);
    EXPECT_TRUE(instance) << instance.error().what;
    EXPECT_TRUE((*instance)->verify());
    const auto names = (*instance)->device_columns();
    std::vector<std::int64_t> values(names.size());
    Means means;
    for (int sample = 0; sample < samples; ++sample) {
        EXPECT_TRUE((*instance)->measure_on_device(1, values));
        std::map<std::string_view, std::int64_t> of;
        for (std::size_t i = 0; i < names.size(); ++i) {
            of[names[i]] = values[i];
            means[std::string(names[i])] += static_cast<double>(values[i]) / samples;
        }
        EXPECT_EQ(of["enqueue_ns"] + of["submit_to_start_ns"] + of["run_ns"] + of["finish_to_wake_ns"],
                  of["stamped_ns"]);
    }
    EXPECT_TRUE((*instance)->fetch_results());
    EXPECT_TRUE((*instance)->check_results());
    return means;
}

// Of the cost model: enqueue 2000, submit 3000, half a kernel 1000, wake 500 where the host spins. Each reading of a clock takes 20, and
// half of the device's tick of 40 is on the wrong side. The clocks are compared to 550 ns, but here both ways take equally long.
constexpr double near_ns = 100;

TEST(LaunchParts, AreTheCostsThatLieBetweenTheStamps) {
    Means parts = measure(1, "spin");
    EXPECT_NEAR(parts["enqueue_ns"], 2'000, near_ns);
    EXPECT_NEAR(parts["submit_to_start_ns"], 3'000 + 1'000, near_ns);
    EXPECT_NEAR(parts["run_ns"], 50, near_ns);  // a cycle of the stand-in
    EXPECT_NEAR(parts["finish_to_wake_ns"], 1'000 + 500, near_ns);
    EXPECT_NEAR(parts["calls_ns"], 2'000, near_ns);
}

TEST(LaunchParts, OfARowOfLaunchesAddUpToo) {
    for (const std::int64_t depth : {2, 7, 64}) {
        Means parts = measure(depth, "spin");
        EXPECT_NEAR(parts["enqueue_ns"], 2'000, near_ns) << depth;
        EXPECT_NEAR(parts["calls_ns"], 2'000.0 * static_cast<double>(depth), near_ns * std::sqrt(depth)) << depth;
        EXPECT_GT(parts["run_ns"], 2'000.0 * static_cast<double>(depth - 1)) << depth;
    }
}

TEST(LaunchParts, ShowTheWayOfWaitingInTheWakeAlone) {
    Means spin = measure(1, "spin");
    for (const auto& [sync, wake_ns] : std::map<std::string, double>{{"yield", 1'000}, {"block", 6'000}}) {
        Means parts = measure(1, sync);
        EXPECT_NEAR(parts["enqueue_ns"], spin["enqueue_ns"], near_ns) << sync;
        EXPECT_NEAR(parts["submit_to_start_ns"], spin["submit_to_start_ns"], near_ns) << sync;
        EXPECT_NEAR(parts["run_ns"], spin["run_ns"], near_ns) << sync;
        EXPECT_NEAR(parts["finish_to_wake_ns"], 1'000 + wake_ns, 2 * near_ns) << sync;
    }
    // Who polls finds out at the next question, each of which takes 300 ns.
    Means poll = measure(1, "poll");
    EXPECT_NEAR(poll["submit_to_start_ns"], spin["submit_to_start_ns"], near_ns);
    EXPECT_GT(poll["finish_to_wake_ns"], 1'000);
    EXPECT_LT(poll["finish_to_wake_ns"], 1'000 + 400);
}

TEST(LaunchParts, ShowAnOverheadOfTheHostWhereTheHostWorks) {
    Means plain = measure(1, "block");
    Means slow = measure(1, "block", {.host = 0.5});
    EXPECT_NEAR(slow["enqueue_ns"] - plain["enqueue_ns"], 0.5 * 2'000, near_ns);
    EXPECT_NEAR(slow["submit_to_start_ns"] - plain["submit_to_start_ns"], 0.5 * 3'000, near_ns);
    EXPECT_NEAR(slow["run_ns"] - plain["run_ns"], 0, near_ns);
    EXPECT_NEAR(slow["finish_to_wake_ns"] - plain["finish_to_wake_ns"], 0.5 * 6'000, 2 * near_ns);
}

TEST(LaunchParts, ShowAnOverheadOfTheDeviceWhereTheDeviceWorks) {
    Means plain = measure(1, "spin");
    Means slow = measure(1, "spin", {.device = 0.5});
    EXPECT_NEAR(slow["enqueue_ns"] - plain["enqueue_ns"], 0, near_ns);
    EXPECT_NEAR(slow["submit_to_start_ns"] - plain["submit_to_start_ns"], 0.5 * 1'000, near_ns);
    EXPECT_NEAR(slow["finish_to_wake_ns"] - plain["finish_to_wake_ns"], 0.5 * 1'000, near_ns);
    // Of a row what lies between the first kernel and the last is the device's, as soon as it is slower than the host.
    constexpr double between = 63;
    Means row = measure(64, "spin", {.device = 0.5});
    Means slower = measure(64, "spin", {.device = 1.0});
    EXPECT_NEAR(slower["enqueue_ns"] - row["enqueue_ns"], 0, near_ns);
    EXPECT_NEAR(slower["run_ns"] - row["run_ns"], between * 0.5 * 2'000, 64 * near_ns / 2);
}

TEST(LaunchParts, ComeWithTheTicksAndErrorBoundsOfTheirClocks) {
    const auto instance = prepare_launch(1, "spin");
    ASSERT_TRUE(instance);
    std::vector<std::int64_t> values((*instance)->device_columns().size());
    ASSERT_TRUE((*instance)->measure_on_device(1, values));
    const Facts facts = (*instance)->facts();
    EXPECT_EQ(fact_double(facts, "part.enqueue.tick_ns"), 20);
    EXPECT_EQ(fact_double(facts, "part.submit_to_start.tick_ns"), 40);
    EXPECT_NEAR(*fact_double(facts, "part.run.tick_ns"), 50, 0.1);
    EXPECT_EQ(fact_double(facts, "part.finish_to_wake.error_ns"), fact_double(facts, "part.submit_to_start.error_ns"));
    EXPECT_GT(*fact_double(facts, "part.finish_to_wake.error_ns"), 500);
    EXPECT_FALSE(fact_double(facts, "part.run.error_ns"));
    EXPECT_FALSE(fact_text(facts, "parts.why"));
}

TEST(LaunchParts, AreAbsentWithTheReasonWhereNoMemoryCanBeMapped) {
    const std::filesystem::path plan =
        std::filesystem::temp_directory_path() / ("passbench-no-mapping-" + std::to_string(getpid()));
    std::ofstream(plan) << "odd_code_from = cuMemHostAlloc\nodd_code = 801\n";
    setenv("PASSBENCH_FAULT", plan.c_str(), 1);
    const auto instance = prepare_launch(7, "spin");
    ASSERT_TRUE(instance) << instance.error().what;
    EXPECT_EQ((*instance)->device_columns(), (std::vector<std::string_view>{"device_ns", "calls_ns"}));
    EXPECT_TRUE((*instance)->verify());
    std::vector<std::int64_t> values(2);
    EXPECT_TRUE((*instance)->measure_on_device(1, values));
    EXPECT_GT(values[1], 7 * 1'500);
    const auto why = fact_text((*instance)->facts(), "parts.why");
    ASSERT_TRUE(why);
    EXPECT_NE(why->find("pinning"), std::string::npos) << *why;
    EXPECT_NE(why->find("CUDA_ERROR_NOT_SUPPORTED"), std::string::npos) << *why;
    unsetenv("PASSBENCH_FAULT");
    std::filesystem::remove(plan);
}

}  // namespace
}  // namespace passbench
