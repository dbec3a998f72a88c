#include "guest/agent/trial.hpp"

#include <new>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/card_claim.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What the instances of a test were asked to do, in order, and how they shall answer.
struct Script {
    std::vector<std::string> calls;
    Result<void> verified;
    Result<void> checked;
    Result<std::optional<InstanceLimit>> limit = std::optional<InstanceLimit>();
    std::string uuid;  // of the card that it works on
    int pool_size = 0;
    std::uint64_t seed = 0;
    Parameters parameters;
};

Script& script() {
    static Script instance;
    return instance;
}

/// Names a call, once where it comes many times in a row.
void note(const std::string& call) {
    if (script().calls.empty() || script().calls.back() != call) script().calls.push_back(call);
}

class Scripted final : public WorkloadInstance {
public:
    void iterate() override { note("iterate"); }
    [[nodiscard]] std::int64_t ops() const override { return 16; }
    [[nodiscard]] int threads() const override { return 3; }
    [[nodiscard]] std::string isa() const override { return "avx2"; }
    [[nodiscard]] Result<void> verify() override {
        note("verify");
        return script().verified;
    }
    [[nodiscard]] Result<void> fetch_results() override {
        note("fetch");
        return {};
    }
    [[nodiscard]] Result<void> check_results() const override {
        note("check");
        return script().checked;
    }
    [[nodiscard]] std::span<std::byte> results() override { return {}; }
    [[nodiscard]] std::string device_uuid() const override { return script().uuid; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        note("limit");
        return script().limit;
    }
};

Result<std::unique_ptr<WorkloadInstance>> prepare_scripted(const Parameters& parameters,
                                                           const InstanceContext& context) {
    note("prepare");
    script().pool_size = context.pool.size();
    script().seed = context.seed;
    script().parameters = parameters;
    return std::make_unique<Scripted>();
}

Result<std::unique_ptr<WorkloadInstance>> prepare_too_large(const Parameters&, const InstanceContext&) {
    throw std::bad_alloc();
}

/// A trial without warm-up of the first workload of the catalogue.
class Trial : public testing::Test {
protected:
    Trial() {
        script() = {};
        const Workload& workload = workloads().front();
        trial_.what.workload = workload.name;
        trial_.what.workload_version = workload.version;
        trial_.what.parameters = *complete_parameters(workload, Form::cpu, {});
        trial_.what.name = case_name(workload.name, Form::cpu, trial_.what.parameters);
        trial_.trial = 2;
        trial_.seed = 77;
        job_.arm = "native";
        job_.block = 4;
        job_.attempt = 1;
    }
    [[nodiscard]] TrialOutcome run() {
        const std::vector<WorkloadForm> forms = {{trial_.what.workload, Form::cpu, prepare_}};
        return run_trial(job_, trial_, {.resolution_ns = 20, .cost_ns = 25}, forms, nullptr);
    }
    [[nodiscard]] static std::string reason(const TrialOutcome& outcome) {
        return fact_text(outcome.event.facts, trial_fact::reason).value_or("");
    }
    [[nodiscard]] static std::string code(const TrialOutcome& outcome) {
        return fact_text(outcome.event.facts, trial_fact::code).value_or("");
    }

    JobRequest job_;
    TrialRequest trial_;
    Result<std::unique_ptr<WorkloadInstance>> (*prepare_)(const Parameters&,
                                                          const InstanceContext&) = &prepare_scripted;
};

TEST_F(Trial, DoesColdStartThenVerifiesThenMeasuresThenTakesTheLimitAndChecksAgain) {
    EXPECT_EQ(run().event.kind, "trial_ended");
    EXPECT_THAT(script().calls, ElementsAre("prepare", "iterate", "verify", "iterate", "limit", "fetch", "check"));
}

TEST_F(Trial, OnACardOnWhichAnotherTrialMeasuresFailsBeforeItsFirstIteration) {
    script().uuid = "GPU-trial-test-" + std::to_string(getpid());
    const auto another = CardClaim::take(script().uuid);
    ASSERT_TRUE(another);
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_failed");
    EXPECT_EQ(code(outcome), "precondition");
    EXPECT_THAT(reason(outcome), HasSubstr("another trial of passbench measures on the card GPU-trial-test-"));
    EXPECT_THAT(script().calls, ElementsAre("prepare"));
}

TEST_F(Trial, HandsBackColdWarmUpAndMeasuredSamplesWithTheirOps) {
    const TrialOutcome outcome = run();
    ASSERT_GE(outcome.chunks.size(), 3U);
    EXPECT_EQ(outcome.chunks.front().phase, Phase::cold);
    EXPECT_EQ(outcome.chunks.front().wall_ns.size(), 1U);
    EXPECT_EQ(outcome.chunks.front().ops, 16);
    EXPECT_EQ(outcome.chunks[1].phase, Phase::warmup);
    const TrialChunk& measured = outcome.chunks.back();
    EXPECT_EQ(measured.phase, Phase::measure);
    EXPECT_EQ(measured.wall_ns.size(), 30U);
    // An empty iteration is far below the clock's resolution: many are timed together, and their work is counted.
    EXPECT_GT(measured.ops, 16);
    EXPECT_EQ(measured.ops % 16, 0);
}

TEST_F(Trial, NumbersTheIterationsOfAPhaseThroughItsChunks) {
    std::int64_t next = 0;
    for (const TrialChunk& chunk : run().chunks) {
        if (chunk.phase != Phase::warmup) continue;
        EXPECT_EQ(chunk.first, next);
        next += static_cast<std::int64_t>(chunk.wall_ns.size());
    }
    EXPECT_GE(next, 3);
}

TEST_F(Trial, RecordsWhoDidTheWorkAndHowItWasTimed) {
    const TrialOutcome outcome = run();
    const Facts& facts = outcome.event.facts;
    EXPECT_EQ(outcome.event.arm, "native");
    EXPECT_EQ(outcome.event.block, 4);
    EXPECT_EQ(outcome.event.trial, 2);
    EXPECT_EQ(outcome.event.attempt, 1);
    EXPECT_EQ(fact_int(facts, trial_fact::threads), 3);
    EXPECT_EQ(fact_text(facts, trial_fact::isa), "avx2");
    EXPECT_EQ(fact_bool(facts, trial_fact::verified), true);
    EXPECT_EQ(fact_text(facts, trial_fact::stopped_by), "count");
    EXPECT_EQ(fact_int(facts, trial_fact::timer_resolution_ns), 20);
    EXPECT_NE(fact_text(facts, trial_fact::check), std::nullopt);
    EXPECT_NE(fact_bool(facts, trial_fact::timer_ok), std::nullopt);
    EXPECT_NE(fact_bool(facts, trial_fact::steady), std::nullopt);
}

TEST_F(Trial, GivesTheFormItsSeedCompleteParametersAndThePoolOfTheRequest) {
    trial_.what.parameters.clear();
    job_.cpus = 1;
    EXPECT_EQ(run().event.kind, "trial_ended");
    EXPECT_EQ(script().seed, 77U);
    EXPECT_EQ(script().pool_size, 1);
    EXPECT_EQ(script().parameters, *complete_parameters(workloads().front(), Form::cpu, {}));
}

TEST_F(Trial, RecordsTheLimitOfTheSameTrial) {
    script().limit =
        InstanceLimit{.value = 5e10, .kind = LimitKind::measured, .metric = "bandwidth", .formula = "peak"};
    const Facts facts = run().event.facts;
    EXPECT_EQ(fact_double(facts, trial_fact::limit_value), 5e10);
    EXPECT_EQ(fact_text(facts, trial_fact::limit_kind), "measured");
    EXPECT_EQ(fact_text(facts, trial_fact::limit_metric), "bandwidth");
    EXPECT_EQ(fact_text(facts, trial_fact::limit_formula), "peak");
}

TEST_F(Trial, RecordsWhyThereIsNoLimitWithoutANumber) {
    script().limit = InstanceLimit{.value = 0, .kind = LimitKind::none, .metric = "", .formula = "no limit: 3 MiB"};
    const Facts facts = run().event.facts;
    EXPECT_FALSE(facts.contains(trial_fact::limit_value));
    EXPECT_EQ(fact_text(facts, trial_fact::limit_kind), "none");
    EXPECT_EQ(fact_text(facts, trial_fact::limit_formula), "no limit: 3 MiB");
}

TEST_F(Trial, NeverTimesWhatDoesNotVerify) {
    script().verified = fail({.code = ErrorCode::verify_failed, .what = "element 3 is NaN"});
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_failed");
    EXPECT_EQ(code(outcome), "verify_failed");
    EXPECT_THAT(reason(outcome), HasSubstr("element 3 is NaN"));
    EXPECT_TRUE(outcome.chunks.empty());
    EXPECT_THAT(script().calls, ElementsAre("prepare", "iterate", "verify"));
}

TEST_F(Trial, GivesNoSamplesWhereResultsWentWrongWhileMeasuring) {
    script().checked = fail({.code = ErrorCode::verify_failed, .what = "element 9 has a flipped bit"});
    const TrialOutcome outcome = run();
    EXPECT_EQ(code(outcome), "verify_failed");
    EXPECT_TRUE(outcome.chunks.empty());
}

TEST_F(Trial, SkipsWhatThisAgentHasNoFormFor) {
    trial_.what.form = Form::cuda;
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_skipped");
    EXPECT_EQ(code(outcome), "unsupported");
    EXPECT_THAT(reason(outcome), HasSubstr("no cuda form of " + trial_.what.workload));
}

TEST_F(Trial, RefusesAnotherVersionOfTheWorkload) {
    ++trial_.what.workload_version;
    const TrialOutcome outcome = run();
    EXPECT_EQ(outcome.event.kind, "trial_failed");
    EXPECT_EQ(code(outcome), "precondition");
    EXPECT_THAT(reason(outcome), HasSubstr("this agent has version"));
}

TEST_F(Trial, RefusesParametersThatTheCatalogueDoesNotHave) {
    trial_.what.parameters["no_such_parameter"] = std::int64_t{1};
    EXPECT_EQ(code(run()), "usage");
    EXPECT_TRUE(script().calls.empty());
}

TEST_F(Trial, RefusesMoreCpusThanThereAre) {
    job_.cpus = 100'000;
    const TrialOutcome outcome = run();
    EXPECT_EQ(code(outcome), "precondition");
    EXPECT_THAT(reason(outcome), HasSubstr("asks for 100000 CPUs"));
}

TEST_F(Trial, FailsWhereMemoryEnds) {
    prepare_ = &prepare_too_large;
    EXPECT_EQ(code(run()), "out_of_memory");
}

TEST_F(Trial, StopsByPrecisionWhereThePlanSaysSo) {
    job_.stop = StopRule::precision;
    const TrialOutcome outcome = run();
    const auto stopped_by = fact_text(outcome.event.facts, trial_fact::stopped_by).value_or("");
    EXPECT_THAT(stopped_by, testing::AnyOf("precision", "samples", "time"));
}

}  // namespace
}  // namespace passbench
