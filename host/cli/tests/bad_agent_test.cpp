// Agents that are missing, cannot start, die or lie: a message that says what, where and what to do; the documented exit code
// and error code; nothing lost, so that the run goes on once the agent is right.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/records/run_directory.hpp"
#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class BadAgent : public CliTest {
protected:
    [[nodiscard]] Called run_with(const std::string& agent) const {
        return call({"run", tiny_scenario().string(), "--agent", agent, "--out", results().string(), "--json"});
    }
    [[nodiscard]] Called run_with_fault(const char* fault) const {
        setenv("PASSBENCH_FAULT", fault, 1);
        auto called = run_with(stand_in_agent);
        unsetenv("PASSBENCH_FAULT");
        return called;
    }
    /// The run failed with this code, says so in its status, and is measured whole by a resume with a good agent.
    void expect_failed_and_resumable(const Called& called, const std::string& code) const {
        EXPECT_EQ(called.exit, 4) << called.out;
        const auto error = Json::parse(called.out)["error"];
        EXPECT_EQ(error["code"], code) << called.out;
        EXPECT_THAT(std::string(error["fix"]), HasSubstr("passbench run --resume " + only_run().string()));
        const auto directory = RunDirectory::open(only_run());
        ASSERT_TRUE(directory);
        EXPECT_EQ(directory->status()->state, RunState::failed);
        EXPECT_THAT(directory->status()->reason, ::testing::Not(IsEmpty()));
        const auto before = snapshot_of(only_run());
        const auto resumed = resume(only_run());
        EXPECT_THAT(resumed.exit, is_measured()) << resumed.err;
        EXPECT_THAT(faults_of(only_run()), IsEmpty());
        EXPECT_THAT(changed_since(before, snapshot_of(only_run())), IsEmpty());
    }
};

TEST_F(BadAgent, Missing) {
    const auto called = run_with((folder() / "no-such-agent").string());
    expect_failed_and_resumable(called, "agent_lost");
    EXPECT_THAT(called.out, HasSubstr("no-such-agent"));
}

TEST_F(BadAgent, NotExecutable) {
    const auto agent = write("agent", "#!/bin/sh\n");
    const auto called = run_with(agent.string());
    expect_failed_and_resumable(called, "agent_lost");
    EXPECT_THAT(called.out, HasSubstr("execut"));
}

TEST_F(BadAgent, OfAnotherArchitecture) {
    std::string elf(64, '\0');
    elf.replace(0, 7,
                "\x7f"
                "ELF\x02\x01\x01");
    elf[16] = 2;       // ET_EXEC
    elf[18] = '\xb7';  // EM_AARCH64
    elf[20] = 1;       // EV_CURRENT
    const auto agent = write("agent", elf);
    std::filesystem::permissions(agent, std::filesystem::perms::owner_all);
    const auto called = run_with(agent.string());
    expect_failed_and_resumable(called, "agent_lost");
}

TEST_F(BadAgent, ThatEndsAtOnceWithoutAWordOfItsMachine) {
    const auto called = run_with("/bin/true");
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "agent_lost") << called.out;
}

TEST_F(BadAgent, ThatDiesHalfwayLosesItsOtherTrialsAndNothingElse) {
    const auto called = run_with_fault("dies");
    EXPECT_EQ(called.exit, 4) << called.out;
    const auto document = Json::parse(called.out);
    EXPECT_EQ(document["data"]["verdict"]["word"], "failed") << called.out;
    const auto events = RunDirectory::open(only_run())->events();
    ASSERT_TRUE(events);
    int ended = 0;
    int lost = 0;
    for (const auto& event : *events) {
        ended += event.kind == "trial_ended" ? 1 : 0;
        if (event.kind == "trial_failed") {
            ++lost;
            EXPECT_EQ(fact_text(event.facts, trial_fact::code), "agent_lost");
            EXPECT_THAT(fact_text(event.facts, trial_fact::reason).value_or(""), HasSubstr("signal 9"));
        }
    }
    EXPECT_EQ(ended, 2);
    EXPECT_EQ(lost, 2);
}

TEST_F(BadAgent, ThatForgetsATrialHasItMarkedFailed) {
    const auto called = run_with_fault("forgets_trial");
    EXPECT_EQ(called.exit, 4) << called.out;
    EXPECT_EQ(Json::parse(called.out)["data"]["verdict"]["word"], "failed");
    EXPECT_THAT(content(only_run() / "events.jsonl"), HasSubstr("without a record of this trial"));
}

TEST_F(BadAgent, ThatWritesGarbage) {
    const auto called = run_with_fault("writes_garbage");
    expect_failed_and_resumable(called, "bad_record");
    EXPECT_THAT(called.out, HasSubstr("samples.jsonl"));
}

TEST_F(BadAgent, ThatLeavesHalfARecord) {
    const auto called = run_with_fault("half_record");
    expect_failed_and_resumable(called, "bad_record");
    EXPECT_THAT(called.out, HasSubstr("samples.jsonl:"));
}

TEST_F(BadAgent, ThatLeavesHalfALine) {
    const auto called = run_with_fault("half_line");
    expect_failed_and_resumable(called, "bad_record");
    EXPECT_THAT(called.out, HasSubstr("events.jsonl"));
}

TEST_F(BadAgent, WhoseTrialsAllDieEndsTheRun) {
    const auto called = run_with_fault("trial_dies");
    expect_failed_and_resumable(called, "agent_lost");
    EXPECT_THAT(called.out, AllOf(HasSubstr("every trial of the job failed"), HasSubstr("SIGSEGV")));
}

TEST_F(BadAgent, OfWhichOneCaseDiesMeasuresTheOthers) {
    const auto called = run_with_fault("trial_dies:dot");
    EXPECT_EQ(called.exit, 4) << called.out;
    const auto document = Json::parse(called.out);
    EXPECT_EQ(document["data"]["status"]["state"], "complete");
    EXPECT_EQ(document["data"]["verdict"]["word"], "failed");
    EXPECT_FALSE(document["data"]["stats"]["estimates"].empty());
}

TEST_F(BadAgent, WithWrongResultsMakesTheRunInvalid) {
    const auto called = run_with_fault("wrong_result");
    EXPECT_EQ(called.exit, 5) << called.out;
    EXPECT_EQ(Json::parse(called.out)["data"]["verdict"]["word"], "invalid");
}

TEST_F(BadAgent, ThatGreetsItsUserIsNoTrouble) { EXPECT_THAT(run_with_fault("noisy").exit, is_measured()); }

TEST_F(BadAgent, IsShownByDoctor) {
    const auto called = call({"doctor", "--agent", (folder() / "no-such-agent").string()});
    EXPECT_EQ(called.exit, 4);
    EXPECT_THAT(called.out,
                AllOf(HasSubstr("could not be asked"), HasSubstr("no-such-agent"), HasSubstr("Left by earlier runs")));
}

}  // namespace
}  // namespace passbench
