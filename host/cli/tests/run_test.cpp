// The whole flow through the command line, with the stand-in agent; what goes wrong is in bad_agent_test and bad_folder_test.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/records/run_directory.hpp"
#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"
#include "host/engine/host_lock.hpp"
#include "host/session/run_lock.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class RunVerb : public CliTest {};

TEST_F(RunVerb, MeasuresJudgesAndReportsAScenario) {
    const auto called = run_tiny();
    EXPECT_THAT(called.exit, is_measured()) << called.err;
    const auto run = only_run();
    EXPECT_THAT(faults_of(run), IsEmpty());
    EXPECT_THAT(called.out,
                AllOf(HasSubstr("run word: "), HasSubstr("report: " + (run / "report/report.md").string())));
    for (const auto* file : {"host.json", "environment.json", "steps.json", "stats.json", "verdict.json",
                             "report/report.md", "report/junit.xml", "report/stats.csv"}) {
        EXPECT_TRUE(std::filesystem::exists(run / file)) << file;
    }
    EXPECT_FALSE(std::filesystem::exists(run / "scratch"));
}

TEST_F(RunVerb, PrintsOneDocumentWithTheWordAndTheEstimatesForJson) {
    const auto called = run_tiny({"--json", "--quiet"});
    const auto document = Json::parse(called.out);
    EXPECT_EQ(document["format"], "passbench.cli");
    EXPECT_EQ(document["verb"], "run");
    EXPECT_EQ(document["exit"], called.exit);
    EXPECT_EQ(document["data"]["run"], only_run().string());
    EXPECT_EQ(document["data"]["verdict"]["word"], called.exit == 0 ? "measured" : "invalid");
    EXPECT_FALSE(document["data"]["stats"]["estimates"].empty());
    EXPECT_THAT(called.err, IsEmpty());
}

TEST_F(RunVerb, QuietPrintsTheWordAndThePlaceAlone) {
    const auto called = run_tiny({"--quiet"});
    EXPECT_EQ(called.out, (called.exit == 0 ? "measured " : "invalid ") + only_run().string() + "\n");
    EXPECT_THAT(called.err, IsEmpty());
}

TEST_F(RunVerb, TellsItsProgressAsLinesOfJson) {
    const auto called = run_tiny({"--progress", "json"});
    std::istringstream lines(called.err);
    std::size_t done = 0;
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        const auto event = Json::parse(line);
        last = event["event"];
        EXPECT_GE(event.value("done", done), done);
        done = event.value("done", done);
    }
    EXPECT_EQ(last, "end");
    EXPECT_EQ(done, 4U);
}

TEST_F(RunVerb, ADryRunShowsPlanAndStepsAndTouchesNothing) {
    const auto called = run_tiny({"--dry-run"});
    EXPECT_EQ(called.exit, 0) << called.err;
    EXPECT_THAT(called.out, AllOf(HasSubstr("stream"), HasSubstr("Steps on the host: none")));
    EXPECT_FALSE(std::filesystem::exists(results()));
    EXPECT_FALSE(std::filesystem::exists(folder() / "state"));
}

TEST_F(RunVerb, AStopEndsTheTrialAndSaysTheCommandThatGoesOn) {
    const auto called = run_tiny({}, once_there_is("block_begun"));
    EXPECT_EQ(called.exit, 130);
    const auto run = only_run();
    EXPECT_THAT(called.err, AllOf(HasSubstr("interrupted"), HasSubstr("passbench run --resume " + run.string())));
    const auto directory = RunDirectory::open(run);
    ASSERT_TRUE(directory);
    EXPECT_EQ(directory->status()->state, RunState::interrupted);
}

TEST_F(RunVerb, AnInterruptedBlockIsDoneAgainWholeAsTheNextAttempt) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_begun")).exit, 130);
    const auto run = only_run();
    const auto before = snapshot_of(run);
    const auto resumed = resume(run);
    EXPECT_THAT(resumed.exit, is_measured()) << resumed.err;
    EXPECT_THAT(faults_of(run), IsEmpty());
    EXPECT_THAT(changed_since(before, snapshot_of(run)), IsEmpty());
    const auto events = RunDirectory::open(run)->events();
    EXPECT_EQ(counting_attempts(*events), (CountingAttempts{{0, 1}, {1, 0}}));
}

TEST_F(RunVerb, ResumingACompleteRunMeasuresNothingAndChangesNoRecord) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto run = only_run();
    const auto before = snapshot_of(run);
    EXPECT_THAT(resume(run).exit, is_measured());
    EXPECT_EQ(snapshot_of(run), before);
    EXPECT_THAT(faults_of(run), IsEmpty());
}

TEST_F(RunVerb, TwoRunsAtOnceOnOneHostAreRefused) {
    const auto lock = HostLock::take(folder() / "state", "another run");
    ASSERT_TRUE(lock) << to_text(lock.error());
    const auto called = run_tiny({"--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "busy");
    EXPECT_THAT(called.out, HasSubstr("another run"));
}

TEST_F(RunVerb, ARunThatIsBeingMeasuredIsNotResumedASecondTime) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    const auto before = snapshot_of(only_run());
    const auto lock = RunLock::take(only_run());
    ASSERT_TRUE(lock);
    const auto called = call({"run", "--resume", only_run().string(), "--agent", stand_in_agent, "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "busy");
    EXPECT_EQ(snapshot_of(only_run()), before);
}

TEST_F(RunVerb, APathThatEndsInASlashIsTheSameRun) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    EXPECT_THAT(resume(only_run() / "").exit, is_measured());
    EXPECT_EQ(run_name(only_run() / ""), only_run().filename().string());
    EXPECT_EQ(run_name(only_run() / "."), only_run().filename().string());
}

TEST_F(RunVerb, SaysWhichTrialsFailedAndWhy) {
    setenv("PASSBENCH_FAULT", "trial_dies:dot", 1);
    const auto called = run_tiny();
    EXPECT_THAT(called.err, AllOf(HasSubstr("op=dot"), HasSubstr("failed on local"), HasSubstr("SIGSEGV")));
    EXPECT_THAT(content(only_run() / "log.txt"), HasSubstr("SIGSEGV"));
}

TEST_F(RunVerb, AnArmThatTheLabDoesNotOfferIsRefusedBeforeAnythingIsMade) {
    auto text = content(tiny_scenario());
    const auto scenario = write("vm-7.toml", text.replace(text.find("\"local\""), 7, "\"vm-7\""));
    const auto called = call({"run", scenario.string(), "--out", results().string(), "--json"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "usage");
    EXPECT_THAT(called.out, AllOf(HasSubstr("'vm-7'"), HasSubstr("--lab")));
    EXPECT_FALSE(std::filesystem::exists(results()));
}

TEST_F(RunVerb, PassthroughOfAnotherSystemsHypervisorIsUnsupportedHere) {
    auto text = content(tiny_scenario());
    const auto scenario = write("dda.toml", text.replace(text.find("\"local\""), 7, "\"dda\""));
    const auto called = call({"run", scenario.string(), "--out", results().string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "unsupported");
    EXPECT_THAT(called.out, HasSubstr("--lab simulated"));
    EXPECT_FALSE(std::filesystem::exists(results()));
}

TEST_F(RunVerb, WhatThisBuildCannotDoIsUnsupported) {
    const auto lab = write("lab.toml", "version = 1\n[arm.local]\nprovider = \"local\"\ninject = { host = \"4 %\" }\n");
    const auto injected = run_tiny({"--lab", lab.string(), "--json"});
    EXPECT_EQ(injected.exit, 4);
    EXPECT_EQ(Json::parse(injected.out)["error"]["code"], "unsupported");
    EXPECT_FALSE(std::filesystem::exists(results()));
}

TEST_F(RunVerb, ALabBesideTheScenarioIsFound) {
    auto text = content(tiny_scenario());
    const auto scenario = write("pair.toml", text.replace(text.find("\"local\""), 7, "\"local\", \"again\""));
    const auto lab = write("pair.lab.toml", "version = 1\n[arm.again]\nprovider = \"local\"\n");
    ASSERT_TRUE(std::filesystem::exists(lab));
    const auto called = call({"run", scenario.string(), "--agent", stand_in_agent, "--out", results().string()});
    EXPECT_THAT(called.exit, is_measured()) << called.err;
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
}

TEST_F(RunVerb, AResumeWithAnotherLabIsRefused) {
    auto text = content(tiny_scenario());
    const auto scenario = write("pair.toml", text.replace(text.find("\"local\""), 7, "\"local\", \"again\""));
    const auto lab = write("pair.lab.toml", "version = 1\n[arm.again]\nprovider = \"local\"\n");
    const auto stopped = call({"run", scenario.string(), "--agent", stand_in_agent, "--out", results().string()},
                              once_there_is("block_begun"));
    ASSERT_EQ(stopped.exit, 130);
    EXPECT_THAT(stopped.err, HasSubstr("--lab " + lab.string()));
    EXPECT_EQ(resume(only_run()).exit, 2) << "the default lab has no arm `again`";
    EXPECT_THAT(call({"run", "--resume", only_run().string(), "--agent", stand_in_agent, "--lab", lab.string()}).exit,
                is_measured());
}

TEST_F(RunVerb, AResumeOnAnotherMachineIsRefusedAndNamesWhatDiffers) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    const auto run = only_run();
    auto environments = RunDirectory::open(run)->environments();
    ASSERT_TRUE(environments);
    environments->at("local").identity["cpu.model"] = std::string("Another CPU");
    ASSERT_TRUE(RunDirectory::open(run)->write(*environments));
    const auto called = call({"run", "--resume", run.string(), "--agent", stand_in_agent, "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "precondition");
    EXPECT_THAT(called.out, AllOf(HasSubstr("cpu.model was 'Another CPU'"), HasSubstr("begin a new one")));
}

TEST_F(RunVerb, AnEditedPlanIsRefused) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    const auto plan_file = only_run() / "plan.json";
    const auto text = content(plan_file);

    auto edited = text;
    edited.replace(edited.find("\"iterations\": 5"), 15, "\"iterations\": 6");
    std::ofstream(plan_file) << edited;
    const auto by_hand = call({"run", "--resume", only_run().string(), "--json"});
    EXPECT_EQ(by_hand.exit, 2);
    EXPECT_EQ(Json::parse(by_hand.out)["error"]["code"], "plan_changed");

    auto plan = plan_from_json(text);
    ASSERT_TRUE(plan);
    plan->design.iterations = 6;
    std::ofstream(plan_file) << to_json(*plan);
    const auto with_its_digest = call({"run", "--resume", only_run().string(), "--json"});
    EXPECT_EQ(with_its_digest.exit, 2);
    EXPECT_EQ(Json::parse(with_its_digest.out)["error"]["code"], "plan_changed");
    EXPECT_THAT(with_its_digest.out, HasSubstr("plan.json"));

    std::ofstream(plan_file) << text;
    EXPECT_THAT(resume(only_run()).exit, is_measured());
}

TEST_F(RunVerb, AnEditedScenarioInTheRunIsRefused) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    std::ofstream(only_run() / "scenario.toml", std::ios::app) << "# a note\n";
    const auto called = call({"run", "--resume", only_run().string(), "--json"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "plan_changed");
    EXPECT_THAT(called.out, HasSubstr("scenario.toml"));
}

TEST_F(RunVerb, EveryMistakeOfAScenarioIsShownWithItsPlace) {
    const auto scenario = write("wrong.toml",
                                "version = 1\ntitle = \"x\"\narms = [\"local\"]\n[[case]]\nworklaod = \"stream\"\n"
                                "[design]\nblocks = \"many\"\n");
    const auto called = call({"run", scenario.string(), "--out", results().string()});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, AllOf(HasSubstr(scenario.string() + ":5:1"), HasSubstr("workload"), HasSubstr(":7:")));
    const auto document = Json::parse(call({"run", scenario.string(), "--json"}).out);
    EXPECT_EQ(document["error"]["code"], "scenario");
    EXPECT_GE(document["error"]["all"].size(), 2U);
    EXPECT_FALSE(std::filesystem::exists(results()));
}

TEST_F(RunVerb, WorksWithTheRealAgent) {
    const auto called = call({"run", "scenarios/first-look.toml", "--scale", "small", "--agent", real_agent, "--out",
                              results().string(), "--progress", "none"});
    EXPECT_THAT(called.exit, ::testing::AnyOf(0, 5))
        << called.err;  // 5: tiny sizes on a busy machine may exceed a limit
    EXPECT_THAT(called.out, AllOf(HasSubstr("stream"), HasSubstr("dispatch")));
}

}  // namespace
}  // namespace passbench
