#include "guest/agent/load_processes.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/tests/job_folder.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t a_second_ns = 1'000'000'000;

/// Processes that do what a shell is told; $0 is the CPU, $2 our process.
Result<LoadProcesses> start(const std::string& script, int level = 1, std::int64_t timeout_ns = 60 * a_second_ns) {
    StopSignals signals;
    return LoadProcesses::start({.kind = LoadKind::cpu, .level = level}, {"/bin/sh", "-c", script}, {3, 4, 5},
                                timeout_ns, signals);
}

/// Asks until the processes are found ended, for at most ten seconds.
Result<void> check_until_ended(LoadProcesses& load) {
    for (int round = 0; round < 10'000; ++round) {
        if (auto checked = load.check(); !checked) return checked;
        const timespec moment{.tv_sec = 0, .tv_nsec = 1'000'000};
        nanosleep(&moment, nullptr);
    }
    return {};
}

TEST(LoadProcesses, AreAtWorkWhenTheyHaveStartedAndEndWhenStopped) {
    auto load = start("trap '' TERM INT HUP; echo ready; while :; do :; done", 2);
    ASSERT_TRUE(load) << to_text(load.error());
    EXPECT_TRUE(load->check());
    EXPECT_GE(load->stop(), 0);
}

TEST(LoadProcesses, TakeTheLastCpusAndEndWhenTheirInputCloses) {
    // A process that was given another CPU, or an input that is at its end already, does not begin.
    auto load = start("[ $0 = 5 ] && [ $1 = --parent ] || exit 1; echo ready; read line");
    ASSERT_TRUE(load) << to_text(load.error());
    EXPECT_TRUE(load->check());
}

TEST(LoadProcesses, ThatEndByThemselvesAreToldWithTheirLastWords) {
    const JobFolder folder;
    auto load = start("echo ready; while [ ! -e " + (folder.path() / "go").string() +
                      " ]; do sleep 0.01; done; echo no more >&2");
    ASSERT_TRUE(load) << to_text(load.error());
    folder.write("go", "");
    const auto ended = check_until_ended(*load);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::agent_lost);
    EXPECT_THAT(ended.error().what, HasSubstr("ended by itself; its last words: no more"));
}

TEST(LoadProcesses, ThatDoNotBeginInTimeAreATimeout) {
    const auto load = start("exec sleep 1000", 1, a_second_ns / 10);
    ASSERT_FALSE(load);
    EXPECT_EQ(load.error().code, ErrorCode::timeout);
}

TEST(LoadProcesses, MoreThanThereAreCpusAreUnsupported) {
    const auto load = start("echo ready; read line", 4);
    ASSERT_FALSE(load);
    EXPECT_EQ(load.error().code, ErrorCode::unsupported);
    EXPECT_EQ(load.error().what, "4 processes of load cpu need a CPU each, this machine lets us use 3");
}

}  // namespace
}  // namespace passbench
