// Real signals to the real program.
#include <chrono>
#include <csignal>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/records/run_directory.hpp"
#include "host/cli/tests/child.hpp"
#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Interrupt : public CliTest {
protected:
    /// A run with this fault of the agent that gets `signal` `times` times, 400 ms apart, from 400 ms after a block has begun.
    [[nodiscard]] Ended run_and_signal(const char* fault, int signal, int times) const {
        using Clock = std::chrono::steady_clock;
        std::optional<Clock::time_point> next;
        const auto signal_now = [&] {
            if (!next && has_begun_a_block()) {
                next = Clock::now() + pause;
            }
            if (times == 0 || !next || Clock::now() < *next) {
                return 0;
            }
            --times;
            next = Clock::now() + pause;
            return signal;
        };
        return run_program(
            {passbench_program, "run", tiny_scenario().string(), "--agent", stand_in_agent, "--out",
             results().string()},
            {"PASSBENCH_STATE=" + (folder() / "state").string(), "PASSBENCH_FAULT=" + std::string(fault)}, signal_now);
    }

private:
    static constexpr std::chrono::milliseconds pause{400};
    [[nodiscard]] bool has_begun_a_block() const {
        const auto all = runs();
        return !all.empty() && content(all.front() / "events.jsonl").find("block_begun") != std::string::npos;
    }
};

TEST_F(Interrupt, CtrlCEndsTheTrialMarksTheRunAndSaysHowToGoOn) {
    const auto ended = run_and_signal("slow", SIGINT, 1);
    EXPECT_EQ(ended.exit, 130) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("passbench run --resume " + only_run().string()));
    EXPECT_EQ(RunDirectory::open(only_run())->status()->state, RunState::interrupted);
    EXPECT_THAT(resume(only_run()).exit, is_measured());
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
}

TEST_F(Interrupt, ATerminationRequestDoesTheSame) {
    EXPECT_EQ(run_and_signal("slow", SIGTERM, 1).exit, 130);
    EXPECT_EQ(RunDirectory::open(only_run())->status()->state, RunState::interrupted);
}

TEST_F(Interrupt, PressedAgainWhileTheAgentDoesNotEndTheRunStillEndsInOrder) {
    const auto begin = std::chrono::steady_clock::now();
    const auto ended = run_and_signal("hangs", SIGINT, 4);
    EXPECT_EQ(ended.exit, 130) << ended.output;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
    EXPECT_EQ(RunDirectory::open(only_run())->status()->state, RunState::interrupted);
    EXPECT_THAT(content(only_run() / "events.jsonl"), HasSubstr("run_interrupted"));
}

}  // namespace
}  // namespace passbench
