// Memory health and burn-in through the command line, on the stand-in driver: planted faults of memory and clock, and what they do to
// the run's word; the rules of head room by the arm's name.
#include <cstdlib>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge/judge.hpp"
#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class Health : public CliTest {
protected:
    void TearDown() override {
        unsetenv("PASSBENCH_FAULT");
        CliTest::TearDown();
    }

    /// `passbench run` of these cases on the arm, with these faults of the stand-in.
    [[nodiscard]] Called run(const std::string& cases, const std::string& faults,
                             const std::string& arm = "local") const {
        if (!faults.empty()) setenv("PASSBENCH_FAULT", write("fault", faults).c_str(), 1);
        const auto lab = write("health.lab.toml", "version = 1\n[arm.gpupv]\nprovider = \"local\"\n");
        const auto scenario =
            write("health.toml", "version = 1\ntitle = \"health\"\narms = [\"" + arm + "\"]\n" + cases +
                                     "[design]\nblocks = 2\ntrials = 1\niterations = 2\n"
                                     "warmup = \"1 ms\"\nwarmup_cap = \"2 ms\"\n");
        return call({"run", scenario.string(), "--agent", real_agent, "--lab", "simulated:" + lab.string(), "--out",
                     results().string(), "--json"});
    }
    [[nodiscard]] Json record(const std::string& name) const { return Json::parse(content(only_run() / name)); }
    /// The facts of the first trial that has an outcome.
    [[nodiscard]] Json facts() const {
        std::istringstream text(content(only_run() / "events.jsonl"));
        for (std::string line; std::getline(text, line);) {
            const Json event = Json::parse(line);
            const std::string kind = event["kind"];
            if (kind == "trial_ended" || kind == "trial_failed") return event["facts"];
        }
        return {};
    }
    /// The run's word under this policy, from its records.
    [[nodiscard]] Verdict judged(const Policy& policy) const {
        const auto run = RunDirectory::open(only_run());
        EXPECT_TRUE(run) << (run ? "" : to_text(run.error()));
        const auto plan = run->plan();
        const auto stats = run->stats();
        const auto status = run->status();
        const auto environments = run->environments();
        EXPECT_TRUE(plan && stats && status && environments);
        return judge({*plan, *stats, *status, *environments, policy});
    }
};

std::string memtest(const std::string& pattern, const std::string& bytes) {
    return "[[case]]\nworkload = \"memtest\"\nforms = [\"cuda\"]\naxes = { pattern = \"" + pattern + "\", bytes = \"" +
           bytes + "\", rest = 0 }\n";
}

TEST_F(Health, AStuckBitOfTheCardIsNotQualifiedAndNamed) {
    const auto called = run(memtest("random", "4 MiB"), "stuck_bit_at = 200000\n");
    EXPECT_EQ(called.exit, 1) << called.out << called.err;
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
    const Json verdict = record("verdict.json");
    EXPECT_EQ(verdict["word"], "not_qualified");
    EXPECT_EQ(verdict["reasons"][0]["code"], "memory_error");
    EXPECT_THAT(verdict["reasons"][0]["text"].get<std::string>(), HasSubstr("byte 200000 of piece "));
    const Json facts = this->facts();
    EXPECT_GT(facts["memory.errors"].get<int>(), 0);
    EXPECT_THAT(facts["memory.error.1"].get<std::string>(), HasSubstr("wrong bits 0x0000000000000001"));
    EXPECT_EQ(facts["verified"], true) << "the test did its work";
    const Json memory = record("stats.json")["memory"];
    ASSERT_EQ(memory.size(), 1U);
    EXPECT_EQ(memory[0]["trials"], 2);
    EXPECT_GT(memory[0]["errors"].get<int>(), 0);
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("wrong in 2 trials"));
}

TEST_F(Health, MemoryInTheHostIsNotCoveredAndShortOnlyWhereThePolicyAsks) {
    const auto called = run(memtest("address", "8 MiB"), "memory = 16777216\nresident = 6291456\n");
    EXPECT_THAT(called.exit, is_measured()) << called.out << called.err;
    const Json memory = record("stats.json")["memory"][0];
    EXPECT_EQ(memory["tested_bytes"], 8 << 20);
    EXPECT_EQ(memory["total_bytes"], 16 << 20);
    EXPECT_NEAR(memory["coverage"].get<double>(), 6.0 / 16, 0.05);
    EXPECT_THAT(memory["why"].get<std::string>(), HasSubstr("they lie in the host's memory"));
    EXPECT_EQ(judged({}).word, RunWord::measured);
    EXPECT_EQ(judged({.waived_cases = {}, .coverage = 0.3}).word, RunWord::measured);
    const Verdict asked = judged({.waived_cases = {}, .coverage = 0.5});
    EXPECT_EQ(asked.word, RunWord::inconclusive);
    EXPECT_EQ(asked.reasons.at(0).code, "coverage_short");
}

TEST_F(Health, AnArmThatIsCalledGpupvHasItsRules) {
    const std::string cases = "[[case]]\nworkload = \"stream\"\nforms = [\"cuda\"]\naxes = { bytes = \"176 MiB\" }\n";
    const auto called = run(cases, "memory = 671088640\n", "gpupv");
    EXPECT_EQ(called.exit, 4) << called.out << called.err;
    const Json facts = this->facts();
    EXPECT_EQ(facts["code"], "out_of_memory");
    EXPECT_EQ(facts["finding"], "gpu.head_room");
    EXPECT_THAT(facts["reason"].get<std::string>(), HasSubstr("under GPU-PV 160 MiB of the card stay untouched"));
}

TEST_F(Health, AClockThatFallsIsSeenInDriftAndClock) {
    // Before the burn 3 kernels, then 2 for each of 40.
    const auto called =
        run("[[case]]\nworkload = \"burn\"\nforms = [\"cuda\"]\naxes = { seconds = 1 }\n", "throttle_at = 43\n");
    EXPECT_THAT(called.exit, is_measured()) << called.out << called.err;
    const Json facts = this->facts();
    // Half the clock; what a launch costs besides stays as it was, and a cycle of the stand-in is as long as its two looks at
    // the clock are apart, so that the clocks are told roughly.
    EXPECT_NEAR(facts["burn.drift"].get<double>(), 0.5, 0.1);
    EXPECT_LT(facts["burn.clock_last_hz"].get<double>() / facts["burn.clock_first_hz"].get<double>(), 0.75);
    bool shown = false;
    const Json stats = record("stats.json");
    for (const Json& estimate : stats["estimates"]) {
        if (estimate["metric"] != "drift") continue;
        shown = true;
        EXPECT_NEAR(estimate["value"].get<double>(), 0.5e6, 0.1e6);
    }
    EXPECT_TRUE(shown);
}

TEST_F(Health, AWrongResultEndsTheBurnAndMakesTheRunInvalid) {
    const auto called =
        run("[[case]]\nworkload = \"burn\"\nforms = [\"cuda\"]\naxes = { seconds = 1 }\n", "wrong_bit_at = 22\n");
    EXPECT_EQ(called.exit, 5) << called.out << called.err;
    const Json facts = this->facts();
    EXPECT_EQ(facts["code"], "verify_failed");
    EXPECT_THAT(facts["reason"].get<std::string>(), HasSubstr("burn: result "));
}

TEST_F(Health, ManagedMemoryIsSkippedWhereTheDeviceCannotShareIt) {
    const std::string cases =
        "[[case]]\nworkload = \"managed\"\nforms = [\"cuda\"]\naxes = { bytes = \"64 KiB\" }\n"
        "[[case]]\nworkload = \"managed\"\nforms = [\"cpu\"]\naxes = { bytes = \"64 KiB\" }\n";
    const auto called = run(cases, "no_concurrent_access = true\n");
    EXPECT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_THAT(content(only_run() / "events.jsonl"), HasSubstr("concurrentManagedAccess is 0"));
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("skipped"));
}

class HealthScenario : public Health, public testing::WithParamInterface<const char*> {};

TEST_P(HealthScenario, RunsSimulatedAndSmall) {
    const auto called = call({"run", std::string("scenarios/") + GetParam() + ".toml", "--lab", "simulated", "--scale",
                              "small", "--agent", real_agent, "--out", results().string(), "--json"});
    EXPECT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
    EXPECT_THAT(record("stats.json")["missing"], AnyOf(IsEmpty(), testing::Each(testing::Contains(Json("invalid")))))
        << "nothing is skipped, and nothing fails";
}

INSTANTIATE_TEST_SUITE_P(Each, HealthScenario, testing::Values("memory-health", "burn-in"), [](const auto& scenario) {
    std::string name = scenario.param;
    std::erase(name, '-');
    return name;
});

}  // namespace
}  // namespace passbench
