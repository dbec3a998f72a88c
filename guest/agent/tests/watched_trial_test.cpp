// A trial of a cuda case under a watch: when its card is read, and what becomes of what is seen. The card is made up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/trial.hpp"
#include "guest/telemetry/tests/fake_nvml.hpp"
#include "harness/catalogue/workload.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t allocated = 64 << 20;

/// How often NVML had been asked at each iteration, where it differs from the one before; and what happens to the card at one.
struct Seen {
    std::vector<int> asked;
    std::function<void()> at_iteration = [] {};
};

Seen& seen() {
    static Seen instance;
    return instance;
}

class OnTheCard final : public WorkloadInstance {
public:
    OnTheCard() { fake_card().used_bytes += allocated; }
    void iterate() override {
        seen().at_iteration();
        if (seen().asked.empty() || seen().asked.back() != fake_card().asked) seen().asked.push_back(fake_card().asked);
    }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "sm_75"; }
    [[nodiscard]] std::string device_uuid() const override { return fake_uuid; }
    [[nodiscard]] std::int64_t device_memory_bytes() const override { return allocated; }
    [[nodiscard]] Result<void> verify() override { return {}; }
    [[nodiscard]] Result<void> check_results() const override { return {}; }
    [[nodiscard]] std::span<std::byte> results() override { return {}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::optional<InstanceLimit>(); }
};

PreparedCase prepare(const Parameters& /*parameters*/, const InstanceContext& /*context*/) {
    return std::make_unique<OnTheCard>();
}

class WatchedTrial : public testing::Test {
protected:
    WatchedTrial() {
        seen() = {};
        const Workload& workload = *find_workload("stream");
        trial_.what.workload = workload.name;
        trial_.what.workload_version = workload.version;
        trial_.what.form = Form::cuda;
        trial_.what.parameters = *complete_parameters(workload, Form::cuda, {});
        trial_.what.name = case_name(workload.name, Form::cuda, trial_.what.parameters);
    }
    TrialOutcome run() {
        const std::vector<WorkloadForm> forms = {{"stream", Form::cuda, &prepare}};
        return run_trial(job_, trial_, {.resolution_ns = 20, .cost_ns = 25}, forms, &watch_);
    }
    static std::string text(const TrialOutcome& outcome, std::string_view fact) {
        return fact_text(outcome.event.facts, fact).value_or("");
    }

    JobRequest job_;
    TrialRequest trial_;
    GpuWatch watch_ = GpuWatch::start(fake_nvml());
};

TEST_F(WatchedTrial, ReadsTheCardBetweenItsTimedRegionsAndNeverInOne) {
    const TrialOutcome outcome = run();
    ASSERT_EQ(outcome.event.kind, "trial_ended");
    // Cold start and warm-up after one look, the measured iterations after the second.
    ASSERT_EQ(seen().asked.size(), 2U);
    EXPECT_LT(seen().asked[0], seen().asked[1]);
    EXPECT_LT(seen().asked[1], fake_card().asked);
    std::vector<std::string> moments;
    for (const Event& line : outcome.telemetry) {
        EXPECT_EQ(line.kind, "telemetry");
        EXPECT_EQ(line.case_name, trial_.what.name);
        moments.push_back(fact_text(line.facts, "moment").value_or(""));
    }
    EXPECT_THAT(moments, ElementsAre("prepared", "warmed_up", "measured"));
    EXPECT_EQ(text(outcome, trial_fact::nvml), "580.95.05");
}

TEST_F(WatchedTrial, ACardThatGetsTooHotEndsTheTrialAndWhatWasSeenIsKept) {
    seen().at_iteration = [] { fake_card().temperature = 95; };
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_failed");
    EXPECT_EQ(text(outcome, trial_fact::finding), "gpu.too_hot");
    EXPECT_TRUE(outcome.chunks.empty());
    EXPECT_EQ(outcome.telemetry.size(), 2U);
}

TEST_F(WatchedTrial, ANarrowLinkMakesItsValuesInvalidWithTheFinding) {
    seen().at_iteration = [] { fake_card().width = 8; };
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_ended");
    EXPECT_THAT(text(outcome, trial_fact::invariant), HasSubstr("8 lanes under load"));
    EXPECT_EQ(text(outcome, trial_fact::finding), "gpu.link_width");
}

TEST_F(WatchedTrial, ACardThatHeldItselfBackIsToldWithItsValues) {
    seen().at_iteration = [] { fake_card().reasons = 0x40; };
    EXPECT_EQ(text(run(), trial_fact::held_back), "hot, by the hardware");
}

TEST_F(WatchedTrial, NoCpuCaseIsWatched) {
    trial_.what.form = Form::cpu;
    EXPECT_FALSE(watch_of(job_, trial_));
}

}  // namespace
}  // namespace passbench
