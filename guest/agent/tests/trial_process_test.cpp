#include "guest/agent/trial_process.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/tests/waiting.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t child_second_ns = 1'000'000'000;

ChildResult shell(const std::string& script, std::int64_t timeout_ns = 60 * child_second_ns) {
    StopSignals signals;
    auto result = run_child({"/bin/sh", "-c", script}, timeout_ns, signals);
    EXPECT_TRUE(result) << to_text(result.error());
    return result.value_or(ChildResult{});
}

TEST(RunChild, TellsExitCodeOutputAndLastWords) {
    const ChildResult child = shell("echo said; echo sorry >&2; exit 3");
    EXPECT_EQ(child.end, ChildEnd::exited);
    EXPECT_EQ(child.code, 3);
    EXPECT_EQ(child.output, "said\n");
    EXPECT_EQ(child.last_words, "sorry");
    EXPECT_GT(child.max_rss_bytes, 0);
}

TEST(RunChild, TellsTheSignal) {
    const ChildResult child = shell("kill -FPE $$");
    EXPECT_EQ(child.end, ChildEnd::signalled);
    EXPECT_EQ(signal_name(child.code), "SIGFPE");
}

TEST(RunChild, BoundsWhatAChattyChildSays) {
    const ChildResult child =
        shell("yes abcdefg | head -c 3000000; yes | head -c 3000000 >&2; printf 'the \\033end' >&2");
    EXPECT_EQ(child.code, 0);
    EXPECT_EQ(child.output.size(), 64U * 1024U);
    EXPECT_LE(child.last_words.size(), 2U * 1024U);
    EXPECT_TRUE(child.last_words.ends_with("the ?end")) << child.last_words;
}

TEST(RunChild, EndsAChildThatHangsAtTheDeadline) {
    const ChildResult child = shell("trap '' TERM; echo begun; while :; do sleep 60; done", child_second_ns / 5);
    EXPECT_EQ(child.end, ChildEnd::timed_out);
    EXPECT_EQ(child.output, "begun\n");
}

TEST(RunChild, LeavesNothingBehindThatTheChildStarted) {
    const ChildResult child = shell("sleep 300 >/dev/null 2>&1 & echo $!");
    EXPECT_EQ(child.code, 0);
    const int grandchild = std::stoi(child.output);
    EXPECT_TRUE(eventually([grandchild] { return !runs(grandchild); }));
}

TEST(RunChild, EndsTheChildWhenAskedToStop) {
    StopSignals signals;
    std::thread asks([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        kill(getpid(), SIGTERM);
    });
    const auto child = run_child({"/bin/sh", "-c", "sleep 300"}, 60 * child_second_ns, signals);
    asks.join();
    ASSERT_TRUE(child);
    EXPECT_EQ(child->end, ChildEnd::cancelled);
    EXPECT_EQ(signals.stop_requested(), SIGTERM);
}

TEST(RunChild, GivesTheChildTheSignalMaskOfBefore) {
    const ChildResult child = shell("kill -TERM $$; echo survived");
    EXPECT_EQ(child.end, ChildEnd::signalled);
    EXPECT_EQ(child.output, "");
}

TEST(RunChild, SaysWhyAProgramCannotBeStarted) {
    StopSignals signals;
    const auto child = run_child({"/nonexistent/program"}, child_second_ns, signals);
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().code, ErrorCode::io);
    EXPECT_THAT(child.error().what, HasSubstr("No such file"));
}

TEST(BindToParent, RefusesWhenTheParentIsGone) {
    const auto bound = bind_to_parent(1'999'999'999);
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace passbench
