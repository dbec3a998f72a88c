// The GPU path through the command line, on the stand-in driver: real kernels, made-up times, planted faults.
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/thread_pool.hpp"
#include "host/cli/tests/run_checks.hpp"
#include "host/cli/tests/simulated_fixture.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Simulated, CudaValuesAreMarkedAndCpuValuesAreReal) {
    const auto called = run(both_forms);
    ASSERT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
    for (const auto& chunk : lines("samples.jsonl")) EXPECT_EQ(chunk["simulated"], is_cuda(chunk)) << chunk;
    std::set<std::string> cuda_metrics;
    const auto stats = record("stats.json");
    for (const auto& estimate : stats["estimates"]) {
        EXPECT_EQ(flags_of(estimate).contains("simulated"), is_cuda(estimate)) << estimate;
        if (is_cuda(estimate)) cuda_metrics.insert(estimate["metric"].get<std::string>());
    }
    EXPECT_THAT(cuda_metrics, testing::ElementsAre("bandwidth", "device", "wall"));
    EXPECT_EQ(record("status.json")["simulated"], true);
    EXPECT_EQ(record("verdict.json")["simulated"], true);
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("(simulated)"));
    EXPECT_THAT(content(only_run() / "report/junit.xml"), HasSubstr("simulated"));
}

TEST_F(Simulated, ARunBesideLoadsHasTheirSlopesAndSaysWhyItHasNoneOfTheTail) {
    const std::string loaded = std::string(both_forms) + "[load]\ncpu = [1]\ngpu = [0, 1, 2]\n";
    const auto called = run(loaded);
    ASSERT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_EQ(record("plan.json")["cases"].size(), 8U);
    const auto fits = record("stats.json")["fits"];
    ASSERT_EQ(fits.size(), 8U) << fits;  // of two cases and two loads, the median and the tail
    EXPECT_EQ(fits[0]["why"], "2 values of load.cpu measured; a line needs 3");
    EXPECT_EQ(fits[1]["why"], "no block has the 100 iterations that a 99th percentile needs");
    if (called.exit != 0 || usable_cpus().size() < 2) GTEST_SKIP() << "not every block has a value";
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
    const auto& of_gpu = fits[2];
    EXPECT_EQ(of_gpu["parameter"], "load.gpu");
    EXPECT_EQ(of_gpu["points"], 3);
    EXPECT_EQ(of_gpu["numbers"].size(), 2U);
    for (const auto& line : lines("telemetry.jsonl")) {
        if (line["facts"].contains("moment")) continue;  // of the card
        const bool is_loaded = line["case"].get<std::string>().find("load.") != std::string::npos;
        EXPECT_EQ(line["facts"].contains("load.cpu_ns"), is_loaded) << line;
    }
}

TEST_F(Simulated, TheSameSeedGivesTheSameTimes) {
    const auto wall = [&] {
        std::map<std::string, Json> values;
        const auto document = Json::parse(run(both_forms).out);
        for (const auto& estimate : document["data"]["stats"]["estimates"]) {
            if (is_cuda(estimate)) values[estimate["metric"].get<std::string>()] = estimate["value"];
        }
        return values;
    };
    const auto first = wall();
    EXPECT_EQ(first.size(), 3U);
    EXPECT_EQ(first, wall());
}

// The stand-in's copies take 4 us before the first byte and carry 12 bytes a ns (cost_model.hpp); handing over, starting and
// waking up are some 7 us more. Its nodes of a graph cost 100 ns of the host and 2 us of the device each.
TEST_F(Simulated, TheLinesOfASweepAreThoseOfTheDevicesCostModel) {
    const auto called = run(R"(version = 1
title = "lines"
arms = ["local"]
[[case]]
workload = "copy"
forms = ["cuda"]
axes = { bytes = { pow2 = [2, 22, 4] }, direction = ["h2d", "d2h"] }
[[case]]
workload = "graph"
forms = ["cuda"]
axes = { nodes = [1, 16, 64, 256] }
)");
    ASSERT_THAT(called.exit, is_measured()) << called.out << called.err;
    if (called.exit != 0) GTEST_SKIP() << "the machine was disturbed: not every block has a value";
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
    const auto fits = record("stats.json")["fits"];
    ASSERT_EQ(fits.size(), 3U) << fits;
    std::map<std::string, Json> of_copy;
    for (const auto& number : fits[0]["numbers"]) of_copy[number["name"].get<std::string>()] = number;
    EXPECT_EQ(fits[0]["cases"], "copy/cuda?by=engine&direction=h2d&host=pinned&queue=single");
    EXPECT_EQ(fits[0]["points"], 6);
    EXPECT_NEAR(of_copy["alpha"]["value"].get<double>(), 11'000, 1'000);
    EXPECT_NEAR(of_copy["beta"]["value"].get<double>(), 12e9, 0.5e9);
    EXPECT_LT(std::abs(fits[0]["furthest"]["value"].get<double>()), 0.1);
    EXPECT_EQ(of_copy["alpha"]["why"], "2 blocks measured; an interval needs 6");
    EXPECT_EQ(fits[2]["model"], "a + b x nodes");
    EXPECT_NEAR(fits[2]["numbers"][1]["value"].get<double>(), 2'100, 200);
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("| wall = a + b x nodes |"));
    EXPECT_THAT(call({"report", only_run().string()}).out, HasSubstr("line: wall = alpha + bytes / beta"));
}

TEST_F(Simulated, ThePartsOfALaunchAddUpAndAreTheSameForTheSameSeed) {
    constexpr const char* launches =
        "version = 1\ntitle = \"parts\"\narms = [\"local\"]\n"
        "[[case]]\nworkload = \"launch\"\naxes = { depth = [1, 8], sync = [\"spin\", \"block\"] }\n";
    const auto measured = [&] { return Json::parse(run(launches).out)["data"]["stats"]["parts"]; };
    const Json parts = measured();
    ASSERT_EQ(parts.size(), 4U);
    for (const Json& of_case : parts) {
        EXPECT_EQ(of_case["simulated"], true);
        double told = of_case["remainder"].get<double>();
        for (const Json& part : of_case["parts"]) told += part.value("value", 0.0);
        EXPECT_NEAR(told, of_case["whole"].get<double>(), 1e-6) << of_case;
        EXPECT_EQ(of_case["parts"].size(), 4U);
    }
    EXPECT_EQ(parts, measured());
}

TEST_F(Simulated, AStandInOnTheLibraryPathSaysItToo) {
    const Variable path("LD_LIBRARY_PATH", PASSBENCH_STAND_IN_FOLDER);
    const auto called = run(both_forms, {});
    ASSERT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_EQ(record("status.json")["simulated"], true);
    EXPECT_EQ(record("verdict.json")["simulated"], true);
    for (const auto& chunk : lines("samples.jsonl")) EXPECT_EQ(chunk["simulated"], is_cuda(chunk));
}

TEST_F(Simulated, ADeviceThatOnlyLooksLikeOneNeverQualifies) {
    std::string text = both_forms;
    text.replace(text.find("[\"local\"]"), 9, "[\"local\", \"native\"]");
    text += "gate = [{ metric = \"wall\", budget = \"50 %\" }]\n";
    const Variable path("LD_LIBRARY_PATH", PASSBENCH_STAND_IN_FOLDER);
    const auto called = run(text, {});
    const auto verdict = record("verdict.json");
    EXPECT_THAT(verdict["word"].get<std::string>(), AnyOf("measured", "inconclusive", "invalid"));
    EXPECT_THAT(called.exit, AnyOf(0, 3, 5));
    EXPECT_EQ(verdict["simulated"], true);
}

TEST_F(Simulated, WhatThePreflightBlocksEndsARunOfCudaCasesBeforeItMeasures) {
    const Variable blocking("CUDA_LAUNCH_BLOCKING", "1");
    const auto called = run(both_forms, {});
    EXPECT_EQ(called.exit, 4) << called.out << called.err;
    const auto verdict = record("verdict.json");
    EXPECT_EQ(verdict["word"], "failed");
    EXPECT_THAT(verdict["reasons"][0]["text"].get<std::string>(),
                AllOf(HasSubstr("environment.CUDA_LAUNCH_BLOCKING"), HasSubstr("unset CUDA_LAUNCH_BLOCKING")));
    EXPECT_THAT(lines("samples.jsonl"), IsEmpty());
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("| block | `environment.CUDA_LAUNCH_BLOCKING` |"));
    EXPECT_THAT(call({"report", only_run().string()}).out,
                HasSubstr("preflight: block environment.CUDA_LAUNCH_BLOCKING"));
    EXPECT_THAT(call({"doctor", "--agent", real_agent}).out, HasSubstr("block environment.CUDA_LAUNCH_BLOCKING: "));
}

TEST_F(Simulated, WhatIsAboutARealCardBlocksNoSimulatedRun) {
    const Variable blocking("CUDA_LAUNCH_BLOCKING", "1");
    EXPECT_THAT(run(both_forms).exit, is_measured());
}

TEST_F(Simulated, WhatIsAboutTheCardBlocksNoCpuCases) {
    const Variable blocking("CUDA_LAUNCH_BLOCKING", "1");
    std::string cpu_alone = both_forms;
    cpu_alone += "forms = [\"cpu\"]\n";
    EXPECT_THAT(run(cpu_alone, {}).exit, is_measured());
}

TEST_F(Simulated, WithoutADriverTheCaseIsSkippedWithTheReason) {
    if (std::getenv("PASSBENCH_HAS_GPU") != nullptr) GTEST_SKIP() << "this machine has a GPU";
    const auto called = run(both_forms, {});
    EXPECT_THAT(called.exit, is_measured()) << called.out;
    EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("there is no CUDA driver here"));
    EXPECT_EQ(record("status.json")["simulated"], false);
}

/// A fault of the stand-in, and what has to become of the case that it hits.
struct FaultExample {
    const char* name;
    const char* fault;
    const char* cuda_case;
    const char* outcome;  // the trial's event
    const char* code;
    const char* finding;  // "": none
    const char* word;     // of the run
    int exit;
};

void PrintTo(const FaultExample& example, std::ostream* out) { *out << example.name; }

constexpr const char* stream_case = "[[case]]\nworkload = \"stream\"\nforms = [\"cuda\"]\naxes = { bytes = 40008 }\n";
constexpr const char* copy_case =
    "[[case]]\nworkload = \"copy\"\nforms = [\"cuda\"]\naxes = { bytes = \"64 KiB\", direction = \"d2h\" }\n";

const FaultExample fault_examples[] = {
    {"NoDevice", "no_device = true", stream_case, "trial_skipped", "unsupported", "gpu.no_device", "measured", 0},
    {"OldDriver", "old_driver = true", stream_case, "trial_skipped", "unsupported", "gpu.old_driver", "measured", 0},
    {"OutOfMemory", "out_of_memory_at = 1", stream_case, "trial_failed", "out_of_memory", "gpu.out_of_memory", "failed",
     4},
    {"PinnedLimit", "pinned_limit = 4096", copy_case, "trial_skipped", "unsupported", "gpu.pinned_limit", "measured",
     0},
    {"LaunchError", "launch_error_at = 3", stream_case, "trial_failed", "device_lost", "gpu.kernel_failed", "failed",
     4},
    {"WrongResult", "wrong_bit_at = 3", stream_case, "trial_failed", "verify_failed", "gpu.wrong_results", "invalid",
     5},
    {"HungKernel", "hung_kernel_at = 2", stream_case, "trial_failed", "timeout", "", "failed", 4},
    {"DeviceLost", "device_lost_at = 9", stream_case, "trial_failed", "device_lost", "gpu.device_lost", "failed", 4},
    {"OddCode", "odd_code_from = cuStreamSynchronize\nodd_code = 1000", stream_case, "trial_failed", "device_lost",
     "gpu.unexpected_code", "failed", 4},
};

class SimulatedFault : public Simulated, public testing::WithParamInterface<FaultExample> {};

TEST_P(SimulatedFault, EndsAsDocumentedAndKeepsWhatWasMeasured) {
    const auto& example = GetParam();
    const Variable fault("PASSBENCH_FAULT", write("fault", std::string(example.fault) + "\n").string());
    const auto called =
        run(std::string("version = 1\ntitle = \"fault\"\narms = [\"local\"]\n"
                        "[[case]]\nworkload = \"stream\"\nforms = [\"cpu\"]\naxes = { bytes = 40008 }\n") +
            example.cuda_case);
    EXPECT_THAT(called.exit, AnyOf(example.exit, 5))
        << called.out << called.err;  // 5 also where the machine was disturbed
    const auto word = record("verdict.json")["word"];
    EXPECT_THAT(word, AnyOf(example.word, "invalid"));
    std::size_t outcomes = 0;
    for (const auto& event : lines("events.jsonl")) {
        if (!event.contains("case") || !is_cuda(event) || event["kind"] == "trial_begun") continue;
        ++outcomes;
        EXPECT_EQ(event["kind"], example.outcome) << event;
        EXPECT_EQ(event["facts"]["code"], example.code) << event;
        EXPECT_EQ(event["facts"].value("finding", ""), example.finding) << event;
        EXPECT_FALSE(event["facts"]["reason"].get<std::string>().empty());
    }
    EXPECT_EQ(outcomes, 2U);  // one a block: a trial that failed leaves nothing behind that the next could trip over
    std::size_t kept = 0;
    for (const auto& chunk : lines("samples.jsonl")) kept += !is_cuda(chunk) && chunk["phase"] == "measure" ? 1 : 0;
    EXPECT_EQ(kept, 2U);
}

INSTANTIATE_TEST_SUITE_P(Each, SimulatedFault, testing::ValuesIn(fault_examples),
                         [](const auto& example) { return std::string(example.param.name); });

/// "block 0: trial_ended", "block 1: trial_failed device_lost gpu.vanished" ... of the cuda cases.
std::vector<std::string> outcomes_of(const std::vector<Json>& events) {
    std::vector<std::string> outcomes;
    for (const auto& event : events) {
        if (!event.contains("case") || !is_cuda(event) || event["kind"] == "trial_begun") continue;
        auto text = "block " + event["block"].dump() + ": " + event["kind"].get<std::string>();
        const auto& facts = event["facts"];
        if (facts.contains("code")) text += " " + facts["code"].get<std::string>() + " " + facts.value("finding", "");
        outcomes.push_back(std::move(text));
    }
    return outcomes;
}

TEST_F(Simulated, ADeviceThatVanishesBetweenTrialsIsLost) {
    const Variable fault("PASSBENCH_FAULT", write("fault", "no_device_from = 2\n").string());
    const auto called = run(both_forms);
    EXPECT_THAT(called.exit, AnyOf(4, 5)) << called.out << called.err;  // 5 where the machine was disturbed
    EXPECT_THAT(record("verdict.json")["word"], AnyOf("failed", "invalid"));
    EXPECT_THAT(outcomes_of(lines("events.jsonl")),
                testing::ElementsAre("block 0: trial_ended", "block 1: trial_failed device_lost gpu.vanished"));
    EXPECT_THAT(
        content(only_run() / "verdict.json"),
        AllOf(HasSubstr("this run had a device before (simulated GPU, sm_75, "), HasSubstr("CUDA_ERROR_NO_DEVICE")));
}

TEST_F(Simulated, ADeviceThatWasThereBeforeTheRunWasInterruptedIsLostToo) {
    const auto file = write("simulated.toml", std::string(both_forms) + design);
    const auto first =
        call({"run", file.string(), "--agent", real_agent, "--out", results().string(), "--lab", "simulated"},
             once_there_is("block_ended"));
    ASSERT_EQ(first.exit, 130) << first.out << first.err;
    const Variable fault("PASSBENCH_FAULT", write("fault", "no_device = true\n").string());
    const auto resumed = call({"run", "--resume", only_run().string(), "--agent", real_agent, "--lab", "simulated"});
    EXPECT_THAT(resumed.exit, AnyOf(4, 5)) << resumed.out << resumed.err;
    EXPECT_THAT(outcomes_of(lines("events.jsonl")),
                testing::ElementsAre("block 0: trial_ended", "block 1: trial_failed device_lost gpu.vanished"));
}

constexpr const char* on_a_t4 = R"(version = 1
title = "on a T4"
arms = ["local"]
machine = { gpu = "T4" }
[[case]]
workload = "stream"
axes = { bytes = 40008, threads = 1 }
)";

/// The agent on a machine whose CUDA driver is said to have found this card.
class WithCard : public Simulated {
protected:
    [[nodiscard]] Called run_with(const std::string& card, const std::string& scenario) const {
        const auto agent = write("agent", std::string("#!/bin/sh\n") + real_agent + R"( "$@" || exit
[ "$1" != probe ] || sed -i -e 's/"gpu.present": false/"gpu.present": true/' \
    -e 's/"identity": {/"identity": {"gpu.model": ")" +
                                              card + R"(",/' "$2/environment.json"
)");
        std::filesystem::permissions(agent, std::filesystem::perms::owner_all);
        const auto file = write("with_card.toml", scenario + design);
        return call({"run", file.string(), "--agent", agent.string(), "--out", results().string()});
    }
};

TEST_F(WithCard, AnotherCardThanTheScenarioDemandsIsRefusedBeforeAnythingIsMade) {
    const auto refused = run_with("NVIDIA T400", on_a_t4);
    EXPECT_EQ(refused.exit, 4) << refused.out;
    EXPECT_THAT(refused.err,
                HasSubstr("machine.gpu: error: this machine does not meet the scenario's demand: its GPU is "
                          "'NVIDIA T400', not 'T4'"));
    EXPECT_THAT(runs(), IsEmpty());
}

// Here the probe is told that there is a card, and the trials find none: it was lost in between.
TEST_F(WithCard, TheCardDemandedIsTakenAndLostWhereNoTrialFindsIt) {
    if (std::getenv("PASSBENCH_HAS_GPU") != nullptr) GTEST_SKIP() << "this machine has a GPU";
    const auto called = run_with("Tesla T4", on_a_t4);
    EXPECT_THAT(called.exit, AnyOf(4, 5)) << called.out << called.err;
    EXPECT_THAT(outcomes_of(lines("events.jsonl")),
                testing::ElementsAre("block 0: trial_failed device_lost gpu.vanished",
                                     "block 1: trial_failed device_lost gpu.vanished"));
    EXPECT_THAT(content(only_run() / "verdict.json"), HasSubstr("this run had a device before (Tesla T4)"));
}

TEST_F(Simulated, ACardIsDemandedInVainWhereThereIsNone) {
    if (std::getenv("PASSBENCH_HAS_GPU") != nullptr) GTEST_SKIP() << "this machine has a GPU";
    const auto refused = run(on_a_t4, {});
    EXPECT_EQ(refused.exit, 4) << refused.err;
    EXPECT_THAT(refused.out, AllOf(HasSubstr("it has no GPU that works, and 'T4' is asked for: "),
                                   HasSubstr("precondition"), HasSubstr("gpu.no_driver")));
    EXPECT_THAT(runs(), IsEmpty());
    // A device that only looks like one is no T4 either, whatever it is called.
    const Variable path("LD_LIBRARY_PATH", PASSBENCH_STAND_IN_FOLDER);
    EXPECT_EQ(run(on_a_t4, {}).exit, 4);
    EXPECT_THAT(runs(), IsEmpty());
}

TEST_F(Simulated, InASimulatedLabACardThatIsDemandedIsNotCheckedAndThatIsSaid) {
    const auto called = run(on_a_t4);
    ASSERT_THAT(called.exit, is_measured()) << called.out << called.err;
    EXPECT_THAT(content(only_run() / "log.txt"), HasSubstr("machine.gpu 'T4' is not checked: the device is simulated"));
    EXPECT_EQ(record("environment.json")["arms"]["local"]["context"]["machine.gpu"],
              "'T4' is not checked: the device is simulated");
}

}  // namespace
}  // namespace passbench
