#include "harness/judge/judge.hpp"

#include <gtest/gtest.h>

#include "harness/judge/controls.hpp"
#include "harness/judge/tests/examples.hpp"

namespace passbench {
namespace {

const Estimate holds = change(0.0, -0.02, 0.02);
const Estimate regressed = change(0.05, 0.01, 0.09);
const Estimate open = change(0.01, -0.02, 0.04);

Missing missing(const std::string& word, const std::string& arm = "dda") {
    return {"copy/cpu", arm, 2, 0, word, "for a reason"};
}

Flag above_limit() { return {"above_limit", "103.0 % of the physical limit"}; }

TEST(Judge, QualifiesWhereEveryGateHolds) {
    const Verdict verdict = example_run(holds).judged();
    EXPECT_EQ(verdict.word, RunWord::qualified);
    EXPECT_EQ(verdict.card, "none");
    ASSERT_EQ(verdict.reasons.size(), 1U);
    EXPECT_EQ(verdict.reasons[0].text, "Every gate holds: 1 ok, 0 improved, 0 waived.");
}

TEST(Judge, NamesTheCard) {
    ExampleRun run = example_run(holds);
    run.environments["native"].identity["gpu.model"] = std::string("Tesla T4");
    EXPECT_EQ(run.judged().card, "Tesla T4");
}

TEST(Judge, IsMeasuredWhereNothingIsGated) {
    ExampleRun run = example_run(holds);
    run.plan.cases[0].gates.clear();
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::measured);
    EXPECT_EQ(verdict.reasons.at(0).text, "Nothing was gated: 1 case measured in 2 arms.");
    EXPECT_FALSE(verdict.reasons[0].fix.empty());
}

TEST(Judge, ARegressionIsNotQualified) {
    const Verdict verdict = example_run(regressed).judged();
    EXPECT_EQ(verdict.word, RunWord::not_qualified);
    EXPECT_EQ(
        verdict.reasons.at(0).text,
        "1 of 1 gate regressed; copy/cpu: dda is 5.0 % worse than native in wall (interval 1.0 % .. 9.0 %), which "
        "is more than the budget of 3 %.");
}

TEST(Judge, AnOpenGateIsInconclusive) { EXPECT_EQ(example_run(open).judged().word, RunWord::inconclusive); }

TEST(Judge, AnInvalidValueIsInvalidHoweverFast) {
    ExampleRun run = example_run(regressed);
    run.stats.missing = {missing("invalid")};
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::invalid);
    EXPECT_EQ(verdict.gates[0].word, GateWord::invalid);
    EXPECT_EQ(verdict.gates[0].text, "No verdict (invalid): block 2, trial 0 of dda: for a reason.");
}

TEST(Judge, AValueAboveAPhysicalLimitIsInvalid) {
    ExampleRun run = example_run(holds);
    Estimate value;
    value.case_name = "copy/cpu";
    value.metric = "bandwidth";
    value.arm = "native";
    value.flags = {above_limit()};
    run.stats.estimates.push_back(value);
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::invalid);
    EXPECT_EQ(verdict.reasons.at(0).code, "above_limit");
    EXPECT_EQ(verdict.gates[0].word, GateWord::invalid);
}

TEST(Judge, ATrialThatFailedFailsTheRun) {
    ExampleRun run = example_run(holds);
    run.stats.missing = {missing("skipped"), missing("invalid"), missing("error", "native")};
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::failed);
    EXPECT_EQ(verdict.gates[0].word, GateWord::error);
    EXPECT_EQ(verdict.reasons.at(0).text,
              "1 trial of 1 case gave no value; the first is copy/cpu, block 2, trial 0 of native: for a reason.");
}

TEST(Judge, AGateWithoutAValueFailsTheRun) {
    ExampleRun run = example_run(holds);
    run.stats.estimates.clear();
    EXPECT_EQ(run.judged().word, RunWord::failed);
    EXPECT_EQ(run.judged().gates[0].word, GateWord::error);
}

TEST(Judge, AHostThatDiffersFailsTheRun) {
    ExampleRun run = example_run(holds);
    run.status.host_restored = false;
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::failed);
    EXPECT_EQ(verdict.reasons.at(0).code, "host_differs");
}

TEST(Judge, WhatStaysChangedOnTheHostIsListedAndChangesNoWord) {
    ExampleRun run = example_run(holds);
    const RunWord before = run.judged().word;
    run.status.kept = {"eflow deployment = nested"};
    EXPECT_EQ(run.judged().word, before);
    EXPECT_EQ(run.judged().kept, run.status.kept);
}

TEST(Judge, ARunThatStoppedSaysWhyAndHowToGoOn) {
    ExampleRun run = example_run(holds);
    run.status.state = RunState::failed;
    run.status.reason = "the disk is full.";
    EXPECT_EQ(run.judged().reasons.at(0).text, "The run could not go on: the disk is full.");
    run.status.state = RunState::interrupted;
    run.stats.missing = {missing("error")};
    EXPECT_EQ(run.judged().reasons.at(0).code, "interrupted");
    EXPECT_NE(run.judged().reasons.at(0).fix.find("--resume"), std::string::npos);
}

TEST(Judge, AllClausesThatFailAreListedInTheirOrder) {
    ExampleRun run = example_run(regressed);
    run.status.host_restored = false;
    run.plan.cases.push_back(planned_case("fma/cpu", {{"wall", 0.03}}));
    run.stats.estimates.push_back(change(0.01, -0.02, 0.04, "fma/cpu"));
    run.stats.missing = {{"other/cpu", "dda", 0, 0, "invalid", "wrong results"}};
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::failed);
    std::vector<std::string> codes;
    for (const Reason& reason : verdict.reasons) codes.push_back(reason.code);
    EXPECT_EQ(codes, (std::vector<std::string>{"host_differs", "invalid_value", "regressed", "inconclusive"}));
}

TEST(Judge, ASkippedCaseCannotQualifyButIsNoFailureWhereNothingIsGated) {
    ExampleRun run = example_run(holds);
    run.stats.missing = {{"other/cpu", "dda", 0, 0, "skipped", "needs avx512"}};
    EXPECT_EQ(run.judged().word, RunWord::failed);
    EXPECT_EQ(run.judged().reasons.at(0).code, "case_missing");
    run.plan.cases[0].gates.clear();
    EXPECT_EQ(run.judged().word, RunWord::measured);
    EXPECT_NE(run.judged().reasons.at(0).text.find("needs avx512"), std::string::npos);
}

TEST(Judge, ARunInWhichNothingCouldRunHasFailed) {
    ExampleRun run = example_run(holds);
    run.plan.cases[0].gates.clear();
    run.stats.estimates.clear();
    run.stats.missing = {missing("skipped")};
    EXPECT_EQ(run.judged().word, RunWord::failed);
    EXPECT_EQ(run.judged().reasons.at(0).code, "nothing_measured");
    EXPECT_NE(run.judged().reasons.at(0).text.find("No case can run here"), std::string::npos);
}

TEST(Judge, AWaivedCaseIsOutOfEveryClause) {
    ExampleRun run = example_run(regressed);
    run.policy.waived_cases = {"copy/cpu"};
    run.stats.missing = {missing("error"), missing("invalid"), missing("skipped")};
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.gates[0].word, GateWord::waived);
    EXPECT_EQ(verdict.word, RunWord::qualified);
}

TEST(Judge, SimulatedCapsTheRunAtMeasured) {
    ExampleRun run = example_run(holds);
    run.stats.simulated = true;
    EXPECT_EQ(run.judged().word, RunWord::measured);
    EXPECT_TRUE(run.judged().simulated);
    EXPECT_EQ(run.judged().reasons.at(0).code, "simulated");
    run.stats.estimates = {regressed};
    EXPECT_EQ(run.judged().word, RunWord::not_qualified);  // a cap lifts nothing
}

TEST(Judge, ASimulatedArmIsEnough) {
    ExampleRun run = example_run(holds);
    run.environments["dda"].simulated = true;
    EXPECT_TRUE(run.judged().simulated);
}

TEST(Judge, APlantedSlowdownCapsTheRunAtMeasured) {
    ExampleRun run = example_run(holds);
    run.stats.estimates[0].flags = {{"injected", "a slowdown was planted: host 4 %"}};
    EXPECT_EQ(run.judged().word, RunWord::measured);
    EXPECT_EQ(run.judged().reasons.at(0).code, "injected");
}

TEST(Judge, AControlThatChangedConfoundsTheGatesOfItsArm) {  // R2.1
    ExampleRun run = example_run(regressed);
    PlannedCase control = planned_case("stream/cuda", {});
    control.workload = "stream";
    control.form = Form::cuda;
    run.plan.cases.push_back(control);
    Estimate device = change(0.02, 0.0101, 0.03, "stream/cuda");
    device.metric = "device";
    run.stats.estimates.push_back(device);
    EXPECT_EQ(run.judged().gates[0].word, GateWord::confounded);
    EXPECT_EQ(run.judged().word, RunWord::inconclusive);
    run.stats.estimates.back().lo = 0.0099;  // the interval reaches +1 %
    EXPECT_EQ(run.judged().gates[0].word, GateWord::regressed);
    run.stats.estimates.back().lo = 0.0101;
    run.plan.factor = "driver";  // may change device times by itself
    EXPECT_EQ(run.judged().gates[0].word, GateWord::regressed);
}

TEST(Judge, HasMemoryArithmeticAndIndirectLoadsOfTheCardForControls) {
    for (const char* workload : {"stream", "fma", "spmv", "gather"}) {
        PlannedCase planned = planned_case(workload, {});
        planned.workload = workload;
        planned.form = Form::cuda;
        EXPECT_TRUE(is_control(planned)) << workload;
        planned.form = Form::cpu;
        EXPECT_FALSE(is_control(planned)) << workload;
    }
}

MemoryTest memory_test(const std::string& arm, double coverage) {
    return {.case_name = "memtest/cuda",
            .arm = arm,
            .trials = 8,
            .tested_bytes = 14'000'000'000,
            .total_bytes = 16'000'000'000,
            .coverage = coverage};
}

TEST(Judge, AnErrorOfMemoryIsNotQualifiedWhateverTheGates) {
    ExampleRun run = example_run(holds);
    run.stats.memory = {memory_test("native", 0.9), memory_test("dda", 0.9)};
    EXPECT_EQ(run.judged().word, RunWord::qualified);
    run.stats.memory[1].errors = 2;
    run.stats.memory[1].first_error = "byte 8 of piece 1 of 16 in pass 2 of 4: expected 0x1, found 0x3, wrong bits 0x2";
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::not_qualified);
    EXPECT_EQ(verdict.reasons.at(0).code, "memory_error");
    EXPECT_EQ(verdict.reasons.at(0).text,
              "2 words of memory did not hold what was written: memtest/cuda on dda; the first: byte 8 of piece 1 "
              "of 16 in "
              "pass 2 of 4: expected 0x1, found 0x3, wrong bits 0x2.");
    run.plan.cases[0].gates.clear();
    EXPECT_EQ(run.judged().word, RunWord::not_qualified) << "nothing has to be gated for it";
    run.stats.simulated = true;
    EXPECT_EQ(run.judged().word, RunWord::not_qualified) << "a cap lifts nothing";
    run.policy.waived_cases = {"memtest/cuda"};
    EXPECT_EQ(run.judged().word, RunWord::measured);
}

TEST(Judge, CoverageIsShortOnlyWhereThePolicyAsksForMore) {
    ExampleRun run = example_run(holds);
    run.stats.memory = {memory_test("native", 0.92), memory_test("dda", 0.92)};
    run.stats.memory.push_back(memory_test("dda", 0.89));
    run.stats.memory.back().why = "4 of 16 pieces are read at 12 GB/s";
    EXPECT_EQ(run.judged().word, RunWord::qualified);
    run.policy.coverage = 0.89;
    EXPECT_EQ(run.judged().word, RunWord::qualified);
    run.policy.coverage = 0.9;
    const Verdict verdict = run.judged();
    EXPECT_EQ(verdict.word, RunWord::inconclusive);
    EXPECT_EQ(verdict.reasons.at(0).code, "coverage_short");
    EXPECT_EQ(verdict.reasons.at(0).text,
              "The policy asks for 90.0 % of the card's memory tested and proved to be there, and memtest/cuda on "
              "dda covers "
              "89.0 %: 4 of 16 pieces are read at 12 GB/s.");
}

TEST(Judge, AnArmWithoutAMemoryTestOfTheCardIsNotCovered) {
    ExampleRun run = example_run(holds);
    run.policy.coverage = 0.5;
    run.stats.memory = {memory_test("native", 0.9)};
    EXPECT_EQ(run.judged().word, RunWord::inconclusive);
    EXPECT_EQ(run.judged().reasons.at(0).text,
              "The policy asks for 50.0 % of the card's memory tested, and no memory test of dda has a value.");
    MemoryTest of_cpu = memory_test("dda", 0);
    of_cpu.coverage = std::nullopt;
    run.stats.memory.push_back(of_cpu);
    EXPECT_EQ(run.judged().word, RunWord::inconclusive) << "memory of the machine is not the card's";
}

TEST(Judge, MemoryComesAfterWhatIsInvalidAndBeforeWhatIsInconclusive) {
    ExampleRun run = example_run(open);
    run.stats.memory = {memory_test("dda", 0.1)};
    run.stats.memory[0].errors = 1;
    run.policy.coverage = 0.9;
    run.stats.missing = {{"other/cpu", "dda", 0, 0, "invalid", "wrong results"}};
    std::vector<std::string> codes;
    for (const Reason& reason : run.judged().reasons) codes.push_back(reason.code);
    EXPECT_EQ(codes, (std::vector<std::string>{"invalid_value", "memory_error", "inconclusive", "coverage_short"}));
}

/// A value of one arm with unsteady trials.
Estimate unsteady_value(const std::string& arm) {
    Estimate value = change(400, 390, 410);
    value.reference = std::nullopt;
    value.arm = arm;
    value.flags = {{"unsteady", "2 of 24 trials had not settled when the warm-up ended"}};
    return value;
}

TEST(Judge, SaysThatTrialsHadNotSettledWhereAGateIsInconclusive) {  // R3.2
    ExampleRun run = example_run(open);
    run.stats.estimates.push_back(unsteady_value("dda"));
    const std::string text = run.judged().gates[0].text;
    EXPECT_NE(text.find(" On dda 2 of 24 trials had not settled when the warm-up ended."), std::string::npos) << text;
    run.stats.estimates[0] = holds;
    EXPECT_EQ(run.judged().gates[0].text.find("settled"), std::string::npos);
}

TEST(Judge, SaysSoWhereHalfOfTheValuesWereStillMoving) {
    ExampleRun run = example_run(holds);
    run.stats.estimates.push_back(unsteady_value("dda"));
    Estimate steady = unsteady_value("native");
    steady.flags.clear();
    run.stats.estimates.push_back(steady);
    EXPECT_EQ(run.judged().word, RunWord::qualified);
    ASSERT_EQ(run.judged().reasons.size(), 2U);
    EXPECT_EQ(run.judged().reasons[1].code, "unsteady");
    EXPECT_NE(run.judged().reasons[1].text.find("1 of 2 case-arm pairs had"), std::string::npos);
    steady.case_name = "fma/cpu";
    run.stats.estimates.push_back(steady);
    EXPECT_EQ(run.judged().reasons.size(), 1U);
}

TEST(Judge, FlagsOfTheRunAreCounted) {
    ExampleRun run = example_run(holds);
    run.stats.estimates[0].flags = {{"unsteady", "2 of 8 trials"}};
    run.stats.estimates.push_back(run.stats.estimates[0]);
    const Verdict verdict = run.judged();
    ASSERT_EQ(verdict.flags.size(), 1U);
    EXPECT_EQ(verdict.flags[0].text, "2 values, the first copy/cpu on dda: 2 of 8 trials");
}

TEST(CasesForNextLook, AreTheInconclusiveOnesAndTheControls) {
    ExampleRun run = example_run(open);
    run.plan.cases.push_back(planned_case("fma/cpu", {{"wall", 0.03}}));
    PlannedCase control = planned_case("stream/cuda", {});
    control.workload = "stream";
    control.form = Form::cuda;
    run.plan.cases.push_back(control);
    run.stats.estimates.push_back(change(0.0, -0.02, 0.02, "fma/cpu"));
    const Verdict verdict = run.judged();
    EXPECT_EQ(cases_for_next_look(run.plan, verdict, 1), (std::vector<bool>{true, false, true}));
    EXPECT_EQ(cases_for_next_look(run.plan, verdict, 2), (std::vector<bool>{true, false, true}));
    EXPECT_EQ(cases_for_next_look(run.plan, verdict, 3), (std::vector<bool>{false, false, false}));
}

TEST(CasesForNextLook, AreNoneWhereNothingIsOpen) {
    const ExampleRun run = example_run(regressed);
    EXPECT_EQ(cases_for_next_look(run.plan, run.judged(), 1), std::vector<bool>{false});
}

}  // namespace
}  // namespace passbench
