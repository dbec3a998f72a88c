// Files that are no scenarios, base files, and all scenarios of the repository.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/scenario/lab.hpp"
#include "harness/scenario/scenario.hpp"
#include "harness/scenario/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

const std::string fix_of_unreadable = "\n    Give the path of a TOML file; scenarios/README.md describes the format.\n";

TEST(ScenarioFile, ThatIsMissing) {
    EXPECT_EQ(text_of(read_scenario("no/such.toml")),
              "no/such.toml: error: cannot be read: there is no such file" + fix_of_unreadable);
}

TEST(ScenarioFile, ThatIsADirectory) {
    EXPECT_EQ(text_of(read_scenario("scenarios")),
              "scenarios: error: cannot be read: it is a directory" + fix_of_unreadable);
}

TEST(ScenarioFile, OfTwoMebibytes) {
    const TemporaryFolder folder;
    const auto path = folder.write("large.toml", std::string(2 << 20, '#'));
    EXPECT_EQ(text_of(read_scenario(path)),
              path.string() + ": error: cannot be read: it is larger than 1 MiB, which no such file needs" +
                  fix_of_unreadable);
}

TEST(ScenarioFile, OfExactlyTheLimitIsRead) {
    const TemporaryFolder folder;
    std::string text = "version = 1\n[[case]]\nworkload = \"fma\"\n#";
    text.resize(static_cast<std::size_t>(max_scenario_bytes), 'x');
    EXPECT_TRUE(read_scenario(folder.write("large.toml", text)));
}

TEST(ScenarioFile, ThatIsBinary) {
    const TemporaryFolder folder;
    const auto path = folder.write("binary.toml", std::string_view("\x7F"
                                                                   "ELF\x02\x01\x01\0\0",
                                                                   9));
    EXPECT_EQ(text_of(read_scenario(path)),
              path.string() + ": error: cannot be read: it is not a text: byte 7 is zero" + fix_of_unreadable);
}

TEST(ScenarioFile, ThatIsNotUtf8) {
    const TemporaryFolder folder;
    const auto path = folder.write("latin.toml", "version = 1\ntitle = \"K\xFChler\"\n");
    EXPECT_THAT(text_of(read_scenario(path)), StartsWith(path.string() + ":2:10: error: not TOML: "));
}

TEST(Base, CountsWhereTheScenarioHasNoKeyOfTheName) {
    const TemporaryFolder folder;
    static_cast<void>(folder.write("common.toml",
                                   "version = 1\ntitle = \"common\"\narms = [\"a\", \"b\"]\n"
                                   "[[case]]\nworkload = \"fma\"\n[design]\ntrials = 7\niterations = 11\n"));
    const auto scenario = read_scenario(
        folder.write("mine.toml", "version = 1\nbase = \"common.toml\"\ntitle = \"mine\"\n[design]\ntrials = 2\n"));
    ASSERT_TRUE(scenario) << text_of(scenario);
    EXPECT_EQ(scenario->stem, "mine");
    EXPECT_EQ(scenario->title, "mine");
    EXPECT_THAT(scenario->arms, ElementsAre("a", "b"));
    EXPECT_EQ(scenario->cases.size(), 1U);
    EXPECT_EQ(scenario->design.trials, 2);
    EXPECT_EQ(scenario->design.iterations, Design{}.iterations) << "[design] replaces the base's whole";
}

TEST(Base, IsNamedInItsOwnMistakes) {
    const TemporaryFolder folder;
    const auto base = folder.write("common.toml", "version = 1\n[[case]]\nworkload = \"fma\"\naxes = { isa = [] }\n");
    const auto scenario = read_scenario(folder.write("mine.toml", "version = 1\nbase = \"common.toml\"\n"));
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error().front().where, base.string() + ":4:16");
}

TEST(Base, HasNoBaseItself) {
    const TemporaryFolder folder;
    const auto base = folder.write("common.toml", "version = 1\nbase = \"other.toml\"\n");
    EXPECT_EQ(text_of(read_scenario(folder.write("mine.toml", "version = 1\nbase = \"common.toml\"\n"))),
              base.string() +
                  ":2:1: error: a base has a base itself\n"
                  "    Put what it needs into one file: there is one level.\n");
}

TEST(Base, ThatIsMissingSaysWhoAskedForIt) {
    const TemporaryFolder folder;
    const auto mine = folder.write("mine.toml", "version = 1\nbase = \"none.toml\"\n");
    const auto scenario = read_scenario(mine);
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error().front().where, (folder.path() / "none.toml").string());
    EXPECT_THAT(scenario.error().front().trail, ElementsAre("reading the base of " + mine.string()));
}

bool is_lab(const std::filesystem::path& path) { return path.filename().string().find("lab.") != std::string::npos; }

TEST(Repository, EveryScenarioAndLabCanBeRead) {
    int scenarios = 0;
    for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
        if (entry.path().extension() != ".toml") continue;
        if (is_lab(entry.path())) {
            const auto lab = read_lab(entry.path());
            EXPECT_TRUE(lab) << text_of(lab);
            continue;
        }
        const auto scenario = read_scenario(entry.path());
        EXPECT_TRUE(scenario) << text_of(scenario);
        if (!scenario) continue;
        const auto lab = lab_beside(entry.path());
        ASSERT_TRUE(lab) << text_of(lab);
        for (const std::string& arm : scenario->arms)
            EXPECT_TRUE(lab->arms.contains(arm)) << entry.path() << ": " << arm;
        ++scenarios;
    }
    EXPECT_GE(scenarios, 2);
}

}  // namespace
}  // namespace passbench
