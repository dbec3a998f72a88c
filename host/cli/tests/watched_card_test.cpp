// What a card does while it is measured, planted in the stand-ins and seen by NVML: each ends in its word, with what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "host/cli/tests/run_checks.hpp"
#include "host/cli/tests/simulated_fixture.hpp"

namespace passbench {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

enum class AfterIt { next_trial, end_of_run };

struct CardFault {
    const char* name;
    const char* fault;
    const char* cuda_case;
    const char* outcome;  // the trial's event
    const char* finding;  // "": none
    const char* flag;     // of its values, "": none
    const char* word;     // of the run
    int exit;
    AfterIt after = AfterIt::next_trial;
};

void PrintTo(const CardFault& example, std::ostream* out) { *out << example.name; }

constexpr const char* small_stream = "[[case]]\nworkload = \"stream\"\nforms = [\"cuda\"]\naxes = { bytes = 40008 }\n";
constexpr const char* large_copy =
    "[[case]]\nworkload = \"copy\"\nforms = [\"cuda\"]\naxes = { bytes = \"16 MiB\", direction = \"d2h\" }\n";

const CardFault card_faults[] = {
    {"None", "", large_copy, "trial_ended", "", "", "measured", 0},
    {"Hot", "nvml_temperature = 95", small_stream, "trial_failed", "gpu.too_hot", "", "failed", 4, AfterIt::end_of_run},
    {"EccCounted", "nvml_ecc_at = 1", small_stream, "trial_failed", "gpu.ecc_uncorrectable", "", "failed", 4,
     AfterIt::end_of_run},
    {"EccError", "ecc_error_at = 2", small_stream, "trial_failed", "gpu.ecc_uncorrectable", "", "failed", 4,
     AfterIt::end_of_run},
    {"Lost", "nvml_lost_at = 1", small_stream, "trial_failed", "gpu.device_lost", "", "failed", 4},
    {"HalfTheLanes", "nvml_link_width = 8", small_stream, "trial_ended", "gpu.link_width", "", "invalid", 5},
    {"OldGeneration", "nvml_link_generation = 1", small_stream, "trial_ended", "gpu.link_speed", "", "invalid", 5},
    {"PagedOut", "resident = 1048576", large_copy, "trial_ended", "gpu.paged_out", "", "invalid", 5},
    {"Throttled", "throttle_at = 1", small_stream, "trial_ended", "", "throttled", "measured", 0},
    {"SlowLink", "slow_link = 2", large_copy, "trial_ended", "", "slow_link", "measured", 0},
    {"Stale", "nvml_stale = true", small_stream, "trial_ended", "", "stale_telemetry", "measured", 0},
    {"NotSupported", "nvml_unsupported = nvmlDeviceGetPowerUsage", small_stream, "trial_ended", "", "", "measured", 0},
};

class WatchedCard : public Simulated, public testing::WithParamInterface<CardFault> {
protected:
    /// The cpu case comes before the cuda case in the first block.
    [[nodiscard]] Called run_example() const {
        return run(std::string("version = 1\ntitle = \"watched\"\narms = [\"local\"]\n"
                               "[[case]]\nworkload = \"stream\"\nforms = [\"cpu\"]\naxes = { bytes = 40008 }\n") +
                   GetParam().cuda_case);
    }
    /// The ends of the cuda trials.
    [[nodiscard]] std::vector<Json> outcomes() const {
        std::vector<Json> all;
        for (const auto& event : lines("events.jsonl")) {
            if (event.contains("case") && is_cuda(event) && event["kind"] != "trial_begun") all.push_back(event);
        }
        return all;
    }
    [[nodiscard]] std::set<std::string> flags_of_the_card() const {
        std::set<std::string> all;
        const auto stats = record("stats.json");
        for (const auto& estimate : stats["estimates"]) {
            for (const auto& code : flags_of(estimate)) {
                if (code == "throttled" || code == "slow_link" || code == "stale_telemetry") all.insert(code);
            }
        }
        return all;
    }
};

TEST_P(WatchedCard, EndsInItsWordWithWhatToDoAndKeepsWhatWasMeasured) {
    const auto& example = GetParam();
    const Variable fault("PASSBENCH_FAULT", write("fault", std::string(example.fault) + "\n").string());
    const auto called = run_example();
    EXPECT_THAT(called.exit, AnyOf(example.exit, 5)) << called.out << called.err;  // 5: the machine was disturbed
    const auto verdict = record("verdict.json");
    EXPECT_THAT(verdict["word"], AnyOf(example.word, "invalid"));
    EXPECT_FALSE(verdict["reasons"][0]["fix"].get<std::string>().empty());
    const bool ends = example.after == AfterIt::end_of_run;
    const auto ended = outcomes();
    ASSERT_EQ(ended.size(), ends ? 1U : 2U);  // one a block
    for (const auto& event : ended) {
        EXPECT_EQ(event["kind"], example.outcome) << event;
        EXPECT_EQ(event["facts"].value("finding", ""), example.finding) << event;
    }
    std::size_t kept = 0;
    for (const auto& chunk : lines("samples.jsonl")) kept += !is_cuda(chunk) && chunk["phase"] == "measure" ? 1 : 0;
    EXPECT_EQ(kept, ended.size());
    if (*example.flag == '\0') {
        EXPECT_THAT(flags_of_the_card(), IsEmpty());
    } else {
        EXPECT_THAT(flags_of_the_card(), testing::ElementsAre(example.flag));
        EXPECT_THAT(content(only_run() / "report/report.md"), HasSubstr("passbench help gpu."));
    }
}

TEST_P(WatchedCard, WhatWasSeenIsInTheTelemetry) {
    const auto& example = GetParam();
    const Variable fault("PASSBENCH_FAULT", write("fault", std::string(example.fault) + "\n").string());
    static_cast<void>(run_example());
    std::set<std::string> moments;
    std::string absent;
    for (const auto& line : lines("telemetry.jsonl")) {
        if (!line["facts"].contains("moment")) continue;
        EXPECT_TRUE(is_cuda(line)) << line;
        moments.insert(line["facts"]["moment"].get<std::string>());
        absent = line["facts"].value("gpu.absent", "");
    }
    EXPECT_THAT(moments, Contains("prepared"));
    if (std::string_view(example.outcome) == "trial_ended") {
        EXPECT_THAT(moments, testing::UnorderedElementsAre("prepared", "warmed_up", "measured"));
    }
    if (std::string_view(example.name) == "NotSupported") {
        EXPECT_EQ(absent, "power_mw: Not Supported");
    }
}

INSTANTIATE_TEST_SUITE_P(Each, WatchedCard, testing::ValuesIn(card_faults),
                         [](const auto& example) { return std::string(example.param.name); });

TEST_F(Simulated, ARunThatTheCardEndedCanBeGoneOnWithWhenTheCauseIsMended) {
    const auto file = write("simulated.toml", std::string(both_forms) + design);
    {
        const Variable fault("PASSBENCH_FAULT", write("fault", "nvml_temperature = 95\n").string());
        const auto called =
            call({"run", file.string(), "--agent", real_agent, "--out", results().string(), "--lab", "simulated"});
        EXPECT_EQ(called.exit, 4) << called.out << called.err;
        EXPECT_THAT(called.out, HasSubstr("passbench help gpu.too_hot"));
        EXPECT_THAT(called.out, HasSubstr("passbench run --resume"));
    }
    EXPECT_EQ(record("status.json")["state"], "failed");
    EXPECT_THAT(record("status.json")["reason"].get<std::string>(), HasSubstr("the card is at 95 C"));
    const auto resumed = call({"run", "--resume", only_run().string(), "--agent", real_agent, "--lab", "simulated"});
    EXPECT_THAT(resumed.exit, is_measured()) << resumed.out << resumed.err;
    EXPECT_THAT(faults_of(only_run()), IsEmpty());
}

}  // namespace
}  // namespace passbench
