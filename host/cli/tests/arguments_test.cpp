#include "host/cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/catalogue/workload.hpp"
#include "host/cli/tests/cli_fixture.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Arguments, AnUnknownVerbIsRefusedWithTheNearestOne) {
    const auto called = call({"rnu", "scenario.toml"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, AllOf(HasSubstr("unknown verb 'rnu'"), HasSubstr("Did you mean 'run'?")));
    EXPECT_THAT(called.out, IsEmpty());
}

TEST(Arguments, NoVerbIsAUsageError) {
    const auto called = call({});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, AllOf(HasSubstr("no verb was given"), HasSubstr("passbench --help")));
}

TEST(Arguments, AnUnknownOptionIsRefusedWithTheNearestOneOfItsVerb) {
    const auto called = call({"run", "scenario.toml", "--resmue", "x"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err,
                AllOf(HasSubstr("unknown option '--resmue' of passbench run"), HasSubstr("Did you mean '--resume'?")));
}

TEST(Arguments, AnOptionOfAnotherVerbIsRefused) {
    const auto called = call({"compare", "a", "b", "--scale", "small"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr("unknown option '--scale' of passbench compare"));
}

TEST(Arguments, AMissingOperandIsSaidWithWhatToType) {
    const auto plan = call({"plan"});
    EXPECT_EQ(plan.exit, 2);
    EXPECT_THAT(plan.err, AllOf(HasSubstr("passbench plan needs a scenario file"),
                                HasSubstr("Type: passbench plan SCENARIO.toml")));
    EXPECT_THAT(call({"report", "--csv", "-"}).err, HasSubstr("Type: passbench report RUN"));
    for (const auto& words : {std::vector<std::string>{"compare"}, {"compare", "one"}}) {
        EXPECT_THAT(call(words).err, AllOf(HasSubstr("passbench compare needs the folders of two runs"),
                                           HasSubstr("Type: passbench compare OLD NEW")));
    }
}

TEST(Arguments, AnEmptyWordIsNamedByTheOneBeforeIt) {
    const auto plan = call({"plan", ""});
    EXPECT_EQ(plan.exit, 2);
    EXPECT_THAT(plan.err, HasSubstr("the word behind 'plan' is empty"));
    EXPECT_THAT(call({"report", "run", "--csv", ""}).err, HasSubstr("the word behind '--csv' is empty"));
}

TEST(Arguments, StandardOutputHoldsOneDocument) {
    const auto table = call({"report", "run", "--csv", "-", "--json"});
    EXPECT_EQ(table.exit, 2);
    EXPECT_THAT(table.out, HasSubstr("--json and --csv - both ask for standard output"));
    const auto two = call({"report", "run", "--csv", "-", "--junit", "-"});
    EXPECT_EQ(two.exit, 2);
    EXPECT_THAT(two.err, HasSubstr("--junit - and --csv - both ask for standard output"));
}

TEST(Arguments, QuietSaysWhichVerbsItQuietens) {
    EXPECT_THAT(call({"plan", "--help"}).out, AllOf(HasSubstr("--quiet"), HasSubstr("doctor, plan, help: no effect")));
}

TEST(Arguments, RunNeedsAScenarioOrAFolderToResumeAndNotBoth) {
    EXPECT_EQ(call({"run"}).exit, 2);
    const auto both = call({"run", "scenario.toml", "--resume", "folder"});
    EXPECT_EQ(both.exit, 2);
    EXPECT_THAT(both.err, HasSubstr("--resume takes the scenario"));
}

TEST(Arguments, NoiseIsAPercentageAboveZero) {
    for (const char* wrong : {"1", "0 %", "-1 %", "much"}) {
        EXPECT_EQ(call({"plan", "scenario.toml", "--noise", wrong}).exit, 2) << wrong;
    }
    const char* const words[] = {"passbench", "plan", "scenario.toml", "--noise", "2.5 %"};
    const auto parsed = parse_arguments(5, words);
    ASSERT_TRUE(parsed);
    EXPECT_DOUBLE_EQ(parsed->arguments->pair_sd, 0.025);
}

TEST(Arguments, AUsageErrorIsADocumentWhereJsonWasAskedFor) {
    const auto called = call({"rnu", "--json"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.out, AllOf(HasSubstr("\"format\": \"passbench.cli\""), HasSubstr("\"code\": \"usage\""),
                                  HasSubstr("\"exit\": 2")));
    EXPECT_THAT(called.err, IsEmpty());
}

TEST(Arguments, EveryVerbHasAManualWithAnExampleAndItsExitCodes) {
    for (const auto verb : verbs()) {
        const auto called = call({std::string(verb), "--help"});
        EXPECT_EQ(called.exit, 0) << verb;
        EXPECT_THAT(called.out,
                    AllOf(HasSubstr("Examples:"), HasSubstr("passbench " + std::string(verb)), HasSubstr("Exit code")))
            << verb;
    }
}

TEST(Arguments, TheOverviewListsTheVerbsThatAreThereAndNoOthers) {
    const auto called = call({"--help"});
    EXPECT_EQ(called.exit, 0);
    for (const auto verb : verbs()) {
        EXPECT_THAT(called.out, HasSubstr("\n  " + std::string(verb) + " ")) << verb;
    }
    for (const auto later : {"calibrate", "gate", "history", "certificate"}) {
        EXPECT_THAT(called.out, Not(HasSubstr(later))) << later;
    }
}

TEST(Arguments, TheManualKeepsToAHundredColumns) {
    std::string all = call({"--help"}).out;
    for (const auto verb : verbs()) {
        all += call({std::string(verb), "--help"}).out;
    }
    std::size_t begin = 0;
    for (auto end = all.find('\n'); end != std::string::npos; end = all.find('\n', begin)) {
        EXPECT_LE(end - begin, 120U) << all.substr(begin, end - begin);
        begin = end + 1;
    }
}

TEST(Arguments, TheVersionIsPrinted) {
    const auto called = call({"--version"});
    EXPECT_EQ(called.exit, 0);
    EXPECT_THAT(called.out, HasSubstr("passbench 0."));
}

TEST(Arguments, AChoiceTakesItsWordsAloneAndSaysThem) {
    for (const char* word : {"tiny", "1"}) {
        const auto called = call({"plan", "s.toml", "--scale", word});
        EXPECT_EQ(called.exit, 2);
        EXPECT_THAT(called.err, HasSubstr(std::string("--scale takes full or small, not '") + word + "'"));
    }
}

TEST(Arguments, AnOptionBeforeTheVerbIsToldWhereItBelongs) {
    const auto called = call({"--quiet", "plan", "s.toml"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr("'--quiet' stands where the verb belongs"));
}

TEST(Arguments, NothingThatAPathHoldsSteersTheTerminal) {
    const auto called = call({"plan", "/tmp/a\033[31mb.toml"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr("a\\x1b[31mb.toml"));
    EXPECT_EQ(called.err.find('\033'), std::string::npos);
}

TEST(Help, ExplainsEveryErrorCodeEveryWorkloadAndEveryVerb) {
    for (const auto& info : error_codes()) {
        const auto called = call({"help", std::string(info.name)});
        EXPECT_EQ(called.exit, 0) << info.name;
        EXPECT_THAT(called.out, AllOf(HasSubstr("Cause"), HasSubstr("Cure"), HasSubstr("exit code"))) << info.name;
    }
    for (const auto& workload : workloads()) {
        const auto called = call({"help", std::string(workload.name)});
        EXPECT_EQ(called.exit, 0) << workload.name;
        EXPECT_THAT(called.out, AllOf(HasSubstr("Metrics"), HasSubstr("Check of the results"))) << workload.name;
    }
    for (const auto verb : verbs()) {
        EXPECT_EQ(call({"help", std::string(verb)}).out, call({std::string(verb), "--help"}).out) << verb;
    }
}

TEST(Help, ListsWorkloadsCodesAndExitCodes) {
    EXPECT_THAT(call({"help", "workloads"}).out, AllOf(HasSubstr("stream"), HasSubstr("dispatch")));
    EXPECT_THAT(call({"help", "codes"}).out, AllOf(HasSubstr("plan_changed"), HasSubstr("quarantined")));
    EXPECT_THAT(call({"help", "exit"}).out, HasSubstr("130"));
    EXPECT_EQ(call({"help"}).out, call({"--help"}).out);
}

TEST(Help, GivesItsListsAsDataToo) {
    for (const auto* topic : {"workloads", "codes", "findings"}) {
        const auto document = nlohmann::json::parse(call({"help", topic, "--json"}).out);
        const auto& rows = document["data"][topic];
        EXPECT_GE(rows.size(), 5U) << topic;
        for (const auto& row : rows) EXPECT_FALSE(row["name"].get<std::string>().empty());
    }
}

TEST(Help, AnUnknownTopicIsRefusedWithTheNearestOne) {
    const auto called = call({"help", "streem"});
    EXPECT_EQ(called.exit, 2);
    EXPECT_THAT(called.err, HasSubstr("Did you mean 'stream'?"));
}

}  // namespace
}  // namespace passbench
