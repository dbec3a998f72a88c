#include "harness/scenario/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/scenario/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(Scenario, TakesDefaultsForAllThatIsNotSaid) {
    const auto scenario = parse_scenario("version = 1\n[[case]]\nworkload = \"fma\"\n", "folder/a b.toml");
    ASSERT_TRUE(scenario) << text_of(scenario);
    EXPECT_EQ(scenario->stem, "a_b");
    EXPECT_EQ(scenario->title, "a_b");
    EXPECT_EQ(scenario->factor, "none");
    EXPECT_THAT(scenario->arms, ElementsAre("local"));
    EXPECT_THAT(scenario->design.looks, ElementsAre(8, 16, 24));
    EXPECT_EQ(scenario->design.trials, 3);
    EXPECT_EQ(scenario->design.iterations, 30);
    EXPECT_EQ(scenario->design.warmup_ns, 500'000'000);
    EXPECT_EQ(scenario->design.alpha, 0.05);
    ASSERT_EQ(scenario->cases.size(), 1U);
    EXPECT_THAT(scenario->cases[0].forms, ElementsAre(Form::cpu, Form::cuda));
    EXPECT_TRUE(scenario->cases[0].axes.empty());
    EXPECT_EQ(scenario->cases[0].where, "folder/a b.toml:2:1");
}

TEST(Scenario, ReadsEveryKey) {
    const std::string text = R"(
version = 1
title   = "All of it"
factor  = "passthrough"
arms    = ["native", "dda"]
machine = { gpu = "T4", vcpus = 8, memory = "16 GiB", fixture = "lab-t4" }

[[case]]
workload = "copy"
forms    = ["cpu"]
axes     = { bytes = { pow2 = [12, 30, 6] }, method = "plain", threads = [1, "all"] }
gate     = [{ metric = "wall", budget = "3 %", form = "cpu" }]

[design]
blocks        = [9, 18]
trials        = 2
iterations    = 40
warmup        = "0.25 s"
warmup_cap    = "2 s"
trial_timeout = "2 min"
stop          = "precision"
alpha         = 0.01
seed          = 20260115
)";
    const auto scenario = parse_scenario(text, "all.toml");
    ASSERT_TRUE(scenario) << text_of(scenario);
    EXPECT_EQ(scenario->title, "All of it");
    EXPECT_EQ(scenario->factor, "passthrough");
    EXPECT_EQ(scenario->machine.gpu, "T4");
    EXPECT_EQ(scenario->machine.vcpus, 8);
    EXPECT_EQ(scenario->machine.memory_bytes, std::int64_t{16} << 30);
    EXPECT_EQ(scenario->machine.fixture, "lab-t4");
    EXPECT_EQ(scenario->text, text);

    ASSERT_EQ(scenario->cases.size(), 1U);
    const ScenarioCase& copy = scenario->cases[0];
    EXPECT_THAT(copy.axes.at("bytes"), ElementsAre(Value(std::int64_t{1} << 12), Value(std::int64_t{1} << 18),
                                                   Value(std::int64_t{1} << 24), Value(std::int64_t{1} << 30)));
    EXPECT_THAT(copy.axes.at("method"), ElementsAre(Value("plain")));
    EXPECT_THAT(copy.axes.at("threads"), ElementsAre(Value(std::int64_t{1}), Value("all")));
    ASSERT_EQ(copy.gates.size(), 1U);
    EXPECT_EQ(copy.gates[0].form, Form::cpu);
    EXPECT_EQ(copy.gates[0].gate.metric, "wall");
    EXPECT_DOUBLE_EQ(copy.gates[0].gate.budget, 0.03);

    const Design& design = scenario->design;
    EXPECT_THAT(design.looks, ElementsAre(9, 18));
    EXPECT_EQ(design.trials, 2);
    EXPECT_EQ(design.iterations, 40);
    EXPECT_EQ(design.warmup_ns, 250'000'000);
    EXPECT_EQ(design.warmup_cap_ns, 2'000'000'000);
    EXPECT_EQ(design.trial_timeout_ns, 120'000'000'000);
    EXPECT_EQ(design.stop, StopRule::precision);
    EXPECT_EQ(design.alpha, 0.01);
    EXPECT_EQ(design.seed, 20260115U);
}

TEST(Scenario, TakesOneNumberOfBlocksAsOneLook) {
    const auto scenario = parse_scenario(with_case("[design]\nblocks = 6"), "s.toml");
    ASSERT_TRUE(scenario) << text_of(scenario);
    EXPECT_THAT(scenario->design.looks, ElementsAre(6));
}

// The words after the place are the TOML library's and differ between its versions.
TEST(Syntax, IsAMistakeWithItsPlace) {
    EXPECT_THAT(text_of(parse_scenario("version = 1\n[[case]\n", "s.toml")),
                StartsWith("s.toml:2:8: error: not TOML: "));
    EXPECT_THAT(text_of(parse_scenario("version = 1\nversion = 1\n", "s.toml")),
                StartsWith("s.toml:2:11: error: not TOML: "));
}

// The library's table of blanks has holes that it takes for impossible; fuzzing found them.
TEST(Syntax, LettersThatTheLibraryHasNoAnswerForAreAMistakeToo) {
    EXPECT_THAT(text_of(parse_scenario("\xCD\xAB", "s.toml")), StartsWith("s.toml:1:1: error: not TOML: "));
    EXPECT_THAT(text_of(parse_scenario("a = 1.2\"\xEF\xB5\xBF", "s.toml")), StartsWith("s.toml:1:"));
}

TEST(Mistakes, AreAllListedInTheOrderOfTheFile) {
    const auto scenario = parse_scenario(
        "version = 1\ntitel = \"x\"\n[[case]]\nworkload = \"copy\"\naxes = { bytes = [] }\n"
        "[[case]]\nworkload = \"fmaa\"\n[design]\ntrials = 0\n",
        "s.toml");
    ASSERT_FALSE(scenario);
    std::vector<std::string> places;
    for (const Error& error : scenario.error()) places.push_back(error.where);
    EXPECT_THAT(places, ElementsAre("s.toml:2:1", "s.toml:5:18", "s.toml:7:12", "s.toml:9:10"));
}

TEST(Mistakes, AreWordsThatCouldNameNoCard) {
    EXPECT_THAT(text_of(parse_scenario(with_case("[machine]\ngpu = \"--\""), "s.toml")),
                testing::HasSubstr("'--' names no card\n    Write words of its name"));
}

TEST(Mistakes, BeyondTwentyAreCounted) {
    std::string text = "version = 1\n";
    for (int i = 0; i < 27; ++i) text += "banana" + std::to_string(i) + " = 1\n";
    const auto scenario = parse_scenario(text + "[[case]]\nworkload = \"fma\"\n", "s.toml");
    ASSERT_FALSE(scenario);
    ASSERT_EQ(scenario.error().size(), 21U);
    EXPECT_EQ(text_of({scenario.error()[19], scenario.error()[20]}),
              "s.toml:21:1: error: unknown key 'banana19'\n"
              "    A scenario knows version, title, factor, arms, machine, case, load, design and base.\n"
              "s.toml: error: and 7 more\n"
              "    Correct these first; the rest is shown then.\n");
}

TEST(Mistakes, ShowNoControlCharactersOfTheFile) {
    const auto scenario = parse_scenario("version = 1\n\"\\u001b[31m\" = 1\n[[case]]\nworkload = \"fma\"\n", "s.toml");
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error()[0].what, "unknown key '?[31m'");
}

TEST(Nesting, IsLimitedWithAMessageNotWithTheStack) {
    std::string dots = "version = 1\na";
    for (int i = 0; i < 200'000; ++i) dots += ".a";
    const auto dotted = parse_scenario(dots + " = 1\n", "s.toml");
    ASSERT_FALSE(dotted);
    EXPECT_EQ(text_of(dotted),
              "s.toml:2:1: error: this line nests too deeply: more than 256 dots\n"
              "    No key needs more than three parts; scenarios/README.md describes the format.\n");

    const auto brackets = parse_scenario("version = 1\nx = " + std::string(100'000, '['), "s.toml");
    ASSERT_FALSE(brackets);
    EXPECT_THAT(text_of(brackets), StartsWith("s.toml:2:21: error: not TOML: "));
}

}  // namespace
}  // namespace passbench
