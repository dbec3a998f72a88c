// plan, report, compare, doctor and release: what they print, write and refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/records/run_directory.hpp"
#include "host/cli/tests/cli_fixture.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

class PlanVerb : public CliTest {};

TEST_F(PlanVerb, GivesTheSameBytesTwiceAndTouchesNothing) {
    const auto first = call({"plan", "scenarios/first-look.toml", "--json"});
    const auto second = call({"plan", "scenarios/first-look.toml", "--json"});
    EXPECT_EQ(first.exit, 0) << first.out;
    EXPECT_EQ(first.out, second.out);
    EXPECT_FALSE(std::filesystem::exists(folder() / "state"));
    const auto data = Json::parse(first.out)["data"];
    EXPECT_TRUE(plan_from_json(data["plan"].dump())) << "the plan of the document is a plan that can be read";
    EXPECT_GT(data["cost"]["minutes_all_looks"], 0);
    EXPECT_FALSE(data.contains("steps"));
}

TEST_F(PlanVerb, StatesTheNoiseThatItAssumesAndTheEffectThatCanBeSeen) {
    const auto quiet = call({"plan", "scenarios/self-check.toml", "--noise", "1 %"});
    const auto noisy = call({"plan", "scenarios/self-check.toml", "--noise", "4 %"});
    EXPECT_EQ(quiet.exit, 0) << quiet.err;
    EXPECT_THAT(quiet.out, HasSubstr("1.0 %"));
    EXPECT_NE(quiet.out, noisy.out);
    const auto small = Json::parse(call({"plan", "scenarios/self-check.toml", "--json"}).out)["data"];
    const auto large = Json::parse(call({"plan", "scenarios/self-check.toml", "--noise", "4 %", "--json"}).out)["data"];
    EXPECT_NEAR(large["minimal_detectable_effect"].get<double>() / small["minimal_detectable_effect"].get<double>(), 4,
                0.3);
}

TEST_F(PlanVerb, ListsTheStepsOfARecordedHost) {
    const auto host =
        write("host.json", to_json(HostFacts{{"cpufreq/policy0",
                                              {{"governor", std::string("powersave")},
                                               {"available_governors", std::string("performance powersave")}}}}));
    const auto lab = write("lab.toml", "version = 1\n[prepare]\ncpu_governor = \"performance\"\n");
    const auto called = call({"plan", tiny_scenario().string(), "--lab", lab.string(), "--host", host.string()});
    EXPECT_EQ(called.exit, 0) << called.err;
    EXPECT_THAT(called.out, HasSubstr("cpufreq/policy0 governor: powersave -> performance"));
}

TEST_F(PlanVerb, RefusesAHostRecordThatIsNone) {
    const auto called = call({"plan", tiny_scenario().string(), "--host", tiny_scenario().string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "bad_record");
    EXPECT_THAT(called.out, HasSubstr("tiny.toml"));
}

TEST_F(PlanVerb, AScenarioThatIsAFolderIsAMistake) {
    const auto called = call({"plan", folder().string()});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr(folder().string()));
}

TEST_F(PlanVerb, AScenarioThatIsNotThereIsHintedAt) {
    const auto tiny = tiny_scenario();
    for (const char* name : {"tiny", "tyny.toml"}) {
        const auto called = call({"plan", (folder() / name).string()});
        EXPECT_EQ(called.exit, 2) << name;
        EXPECT_THAT(called.err, HasSubstr("Did you mean: passbench plan " + tiny.string())) << name;
    }
    EXPECT_THAT(call({"run", "first-look"}).err, HasSubstr("passbench run scenarios/first-look.toml"));
    EXPECT_THAT(call({"run", "plan"}).err, HasSubstr("passbench run SCENARIO.toml"));
    EXPECT_EQ(call({"plan", "/no/such/thing.toml"}).exit, 2);
}

TEST_F(PlanVerb, TakesTheLabBesideTheScenarioAsRunDoes) {
    auto text = content(tiny_scenario());
    const auto scenario = write("pair.toml", text.replace(text.find("\"local\""), 7, "\"local\", \"again\""));
    const auto unbound = call({"plan", scenario.string()});
    EXPECT_EQ(unbound.exit, 0) << unbound.err;
    EXPECT_THAT(unbound.out, AllOf(HasSubstr("the arm 'again'"), Not(HasSubstr("Steps on the host"))));
    const auto lab = write("pair.lab.toml", "version = 1\n[arm.again]\nprovider = \"local\"\n");
    ASSERT_TRUE(std::filesystem::exists(lab));
    const auto bound = call({"plan", scenario.string()});
    EXPECT_EQ(bound.exit, 0) << bound.err;
    EXPECT_THAT(bound.out, AllOf(Not(HasSubstr("the arm 'again'")), HasSubstr("Steps on the host: none")));
}

TEST_F(PlanVerb, APreparationThatTheHostCannotDoNamesTheLabAndTheKey) {
    const auto host = write("host.json", to_json(HostFacts{{"machine", {{"cpus", std::int64_t{2}}}}}));
    const auto lab = write("lab.toml", "version = 1\n[prepare]\ncpu_governor = \"performance\"\n");
    const auto called = call({"plan", tiny_scenario().string(), "--lab", lab.string(), "--host", host.string()});
    EXPECT_EQ(called.exit, 4);
    EXPECT_THAT(called.err,
                AllOf(HasSubstr(lab.string() + ":3:16: [prepare] cpu_governor"), HasSubstr("Take the line")));
}

class ReportVerb : public CliTest {};

TEST_F(ReportVerb, ShowsWhatTheRunShowedAndWritesNothingUnasked) {
    const auto ran = run_tiny();
    const auto stats = only_run() / "stats.json";
    std::filesystem::remove(stats);
    const auto called = call({"report", only_run().string()});
    EXPECT_THAT(called.exit, is_measured()) << called.err;
    EXPECT_EQ(ran.out.substr(0, called.out.size()), called.out);
    EXPECT_FALSE(std::filesystem::exists(stats));
    EXPECT_THAT(call({"report", only_run().string(), "--write"}).exit, is_measured());
    EXPECT_TRUE(std::filesystem::exists(stats));
}

TEST_F(ReportVerb, WritesTheFormsThatAreAskedFor) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto run = only_run();
    const auto to = [&](const char* name) { return (folder() / name).string(); };
    const auto called = call(
        {"report", run.string(), "--markdown", to("a.md"), "--junit", to("a.xml"), "--csv", "-", "--out", to("all")});
    EXPECT_THAT(called.exit, is_measured()) << called.err;
    EXPECT_EQ(content(folder() / "a.md"), content(run / "report/report.md"));
    EXPECT_EQ(content(folder() / "a.xml"), content(run / "report/junit.xml"));
    EXPECT_EQ(called.out, content(run / "report/stats.csv"));
    EXPECT_EQ(content(folder() / "all/stats.csv"), content(run / "report/stats.csv"));
}

TEST_F(ReportVerb, AFileThatCannotBeWrittenIsNamedAsItWasTyped) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto called = call({"report", only_run().string(), "--csv", (folder() / "absent/x").string()});
    EXPECT_EQ(called.exit, 4);
    EXPECT_THAT(called.err, AllOf(HasSubstr((folder() / "absent/x").string() + ": "), Not(HasSubstr(".new"))));
}

TEST_F(ReportVerb, AnInterruptedRunCanBeReported) {
    ASSERT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
    const auto called = call({"report", only_run().string()});
    EXPECT_THAT(called.out, HasSubstr("interrupted"));
}

class CompareVerb : public CliTest {};

TEST_F(CompareVerb, ComparesTwoRunsOfOneMachine) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto both = runs();
    ASSERT_EQ(both.size(), 2U);
    const auto called = call({"compare", both[0].string(), both[1].string()});
    EXPECT_THAT(called.out, HasSubstr("stream"));
    const auto document = Json::parse(call({"compare", both[0].string(), both[1].string(), "--json"}).out);
    EXPECT_EQ(document["exit"], called.exit);
    EXPECT_EQ(document["data"]["left"], both[0].filename().string());
}

TEST_F(CompareVerb, RefusesRunsOfDifferentMachinesAndNamesTheKeys) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto both = runs();
    auto environments = RunDirectory::open(both[1])->environments();
    ASSERT_TRUE(environments);
    environments->at("local").identity["cpu.model"] = std::string("Another CPU");
    ASSERT_TRUE(RunDirectory::open(both[1])->write(*environments));
    const auto called = call({"compare", both[0].string(), both[1].string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "precondition");
    EXPECT_THAT(called.out, AllOf(HasSubstr("cpu.model"), HasSubstr("Another CPU")));
}

TEST_F(CompareVerb, RefusesARunBesideItself) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto called = call({"compare", only_run().string(), (only_run() / "").string()});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr("a run cannot be compared with itself"));
}

TEST_F(CompareVerb, AFolderThatIsNotThereIsAMistake) { EXPECT_EQ(call({"compare", "/no/such", "/nor/such"}).exit, 2); }

class DoctorVerb : public CliTest {};

TEST_F(DoctorVerb, SaysWhatThisMachineIsAndWhatDisturbs) {
    const auto called = call({"doctor", "--agent", real_agent});
    EXPECT_EQ(called.exit, 0) << called.out;
    EXPECT_THAT(called.out,
                AllOf(HasSubstr("CPU"), HasSubstr("instruction sets"), HasSubstr("memory"), HasSubstr("hypervisor"),
                      HasSubstr("GPU"), HasSubstr("/dev/dxg"), HasSubstr("What disturbs measuring here"),
                      HasSubstr("Left by earlier runs\n  nothing")));
    EXPECT_FALSE(std::filesystem::exists(folder() / "state")) << "doctor changes nothing";
    EXPECT_TRUE(std::filesystem::is_empty(folder() / "tmp"));
}

TEST_F(DoctorVerb, IsOneDocument) {
    const auto document = Json::parse(call({"doctor", "--agent", real_agent, "--json"}).out);
    EXPECT_EQ(document["verb"], "doctor");
    EXPECT_TRUE(document["data"]["guest"]["identity"].contains("cpu.model"));
    EXPECT_TRUE(document["data"]["unfinished"].empty());
}

TEST_F(DoctorVerb, SavesTheHostAndShowsItAgain) {
    const auto file = (folder() / "host.json").string();
    EXPECT_EQ(call({"doctor", "--agent", real_agent, "--save", file}).exit, 0);
    EXPECT_TRUE(host_from_json(content(file)));
    const auto called = call({"doctor", "--host", file});
    EXPECT_EQ(called.exit, 0) << called.err;
    EXPECT_THAT(called.out, HasSubstr("Host as recorded in " + file));
}

class ReleaseVerb : public CliTest {};

TEST_F(ReleaseVerb, DoesOneThingAtATime) {
    const auto ended = call({"release", "--install", "--uninstall"});
    EXPECT_EQ(ended.exit, 2);
    EXPECT_THAT(ended.err, HasSubstr("Choose one"));
}

TEST_F(ReleaseVerb, SaysThatNothingIsLeft) {
    const auto called = call({"release"});
    EXPECT_EQ(called.exit, 0);
    EXPECT_THAT(called.out, HasSubstr("nothing is left to give back"));
    EXPECT_TRUE(Json::parse(call({"release", "--json"}).out)["data"]["leases"].empty());
    EXPECT_THAT(call({"release", "--dry-run"}).out, HasSubstr("nothing"));
}

}  // namespace
}  // namespace passbench
