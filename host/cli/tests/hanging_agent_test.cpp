// An agent that hangs, SIGTERM included, is ended at the deadline of its job: this takes as long as the deadline.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HangingAgent : public CliTest {};

TEST_F(HangingAgent, IsEndedAndLosesTheTrialsThatItDidNotDo) {
    setenv("PASSBENCH_FAULT", "hangs", 1);
    const auto called = run_tiny({"--scale", "small", "--json"});
    EXPECT_EQ(called.exit, 4);
    const auto events = content(only_run() / "events.jsonl");
    EXPECT_THAT(events, HasSubstr("\"timeout\""));
    EXPECT_THAT(events, HasSubstr("trial_ended"));
}

TEST_F(HangingAgent, IsEndedByAStopAtOnce) {
    setenv("PASSBENCH_FAULT", "hangs", 1);
    const auto called = run_tiny({}, [asked = 0]() mutable { return ++asked > 4; });
    unsetenv("PASSBENCH_FAULT");
    EXPECT_EQ(called.exit, 130);
    EXPECT_THAT(resume(only_run()).exit, is_measured());
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
}

}  // namespace
}  // namespace passbench
