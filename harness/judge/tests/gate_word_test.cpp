#include "harness/judge/gate_word.hpp"

#include <gtest/gtest.h>

#include "harness/judge/tests/examples.hpp"

namespace passbench {
namespace {

constexpr double budget = 0.03;

GateWord word_of(const Estimate& estimate, double at = budget) {
    return gate_word({.estimate = estimate, .budget = at});
}

GateVerdict verdict_of(const Estimate& estimate) { return gate_verdict({.estimate = estimate, .budget = budget}); }

TEST(GateWord, IsTheFirstThatMatchesInR9_4) {
    EXPECT_EQ(word_of(change(0.05, 0.01, 0.09)), GateWord::regressed);
    EXPECT_EQ(word_of(change(-0.05, -0.09, -0.01)), GateWord::improved);
    EXPECT_EQ(word_of(change(0.0, -0.02, 0.02)), GateWord::ok);
    EXPECT_EQ(word_of(change(0.01, -0.02, 0.04)), GateWord::inconclusive);
}

TEST(GateWord, RegressedNeedsBothTheIntervalAboveZeroAndTheEstimateAboveTheBudget) {
    EXPECT_EQ(word_of(change(0.05, -0.001, 0.09)), GateWord::inconclusive);
    EXPECT_EQ(word_of(change(0.02, 0.01, 0.04)), GateWord::inconclusive);
    EXPECT_EQ(word_of(change(0.02, 0.01, 0.025)), GateWord::ok);  // a real change, within the budget
}

TEST(GateWord, OnTheBoundariesTheSofterWordHolds) {
    EXPECT_EQ(word_of(change(0.05, 0.0, 0.09)), GateWord::inconclusive);   // CI.lo > 0 is asked for
    EXPECT_EQ(word_of(change(0.03, 0.01, 0.09)), GateWord::inconclusive);  // estimate > delta
    EXPECT_EQ(word_of(change(0.01, 0.0, 0.03)), GateWord::inconclusive);   // CI.hi < delta
    EXPECT_EQ(word_of(change(-0.03, -0.05, -0.01)), GateWord::ok);         // estimate < -delta
    EXPECT_EQ(word_of(change(-0.05, -0.09, 0.0)), GateWord::ok);           // CI.hi < 0
}

TEST(GateWord, WithoutAnIntervalIsInconclusiveAndWithoutAValueAnError) {
    Estimate estimate = change(0.5, 0, 0);
    estimate.lo = estimate.hi = std::nullopt;
    estimate.flags = {{"underpowered", "5 blocks measured; an interval needs 9: measure 4 more"}};
    EXPECT_EQ(word_of(estimate), GateWord::inconclusive);
    EXPECT_EQ(
        verdict_of(estimate).text,
        "dda against native in wall changed by 50.0 %, but there is no interval yet: 5 blocks measured; an interval "
        "needs 9: measure 4 more.");
    estimate.value = std::nullopt;
    estimate.why = "no block has a value in both arms";
    EXPECT_EQ(word_of(estimate), GateWord::error);
    EXPECT_EQ(verdict_of(estimate).text,
              "There is no value of dda against native in wall: no block has a value in both arms.");
}

TEST(GateWord, BelowTheAbsoluteFloorNothingRegressesOrImproves) {  // R9.7
    Estimate worse = change(0.05, 0.01, 0.09);
    worse.flags = {{"below_floor", "the medians differ by 3 ns an iteration"}};
    EXPECT_EQ(word_of(worse), GateWord::inconclusive);
    EXPECT_NE(verdict_of(worse).text.find("the medians differ by 3 ns"), std::string::npos);
    Estimate better = change(-0.05, -0.09, -0.01);
    better.flags = worse.flags;
    EXPECT_EQ(word_of(better), GateWord::ok);
}

TEST(GateVerdict, CarriesTheNumbersAndASentence) {
    const GateVerdict verdict = verdict_of(change(0.05, 0.01, 0.09));
    EXPECT_EQ(verdict.case_name, "copy/cpu");
    EXPECT_EQ(verdict.reference, "native");
    EXPECT_EQ(verdict.blocks, 8);
    EXPECT_EQ(*verdict.mde, 0.012);
    EXPECT_EQ(
        verdict.text,
        "dda is 5.0 % worse than native in wall (interval 1.0 % .. 9.0 %), which is more than the budget of 3 %.");
    EXPECT_EQ(
        verdict_of(change(-0.05, -0.09, -0.01)).text,
        "dda is 5.0 % better than native in wall (interval -9.0 % .. -1.0 %), which is more than the budget of 3 %.");
    EXPECT_EQ(verdict_of(change(0.0, -0.02, 0.02)).text,
              "dda is at most 2.0 % worse than native in wall (interval -2.0 % .. 2.0 %), within the budget of 3 %.");
    EXPECT_EQ(verdict_of(change(-0.015, -0.02, -0.01)).text,
              "dda is not worse than native in wall (interval -2.0 % .. -1.0 %; budget 3 %).");
}

TEST(BlocksStillNeeded, FollowsTheRootOfTheBlocks) {
    // The upper half is 0.04 wide and has room for 0.02: four times the blocks.
    EXPECT_DOUBLE_EQ(*blocks_still_needed({.estimate = change(0.01, -0.03, 0.05), .budget = budget}), 24);
    // The lower half is 0.08 wide and zero is 0.04 away.
    EXPECT_DOUBLE_EQ(*blocks_still_needed({.estimate = change(0.04, -0.04, 0.12), .budget = budget}), 24);
    EXPECT_NE(verdict_of(change(0.01, -0.03, 0.05)).text.find("about 24 more blocks would."), std::string::npos);
}

TEST(BlocksStillNeeded, IsSilentWhereMoreBlocksDoNotHelp) {
    EXPECT_FALSE(blocks_still_needed({.estimate = change(0.03, -0.03, 0.05), .budget = budget}));
    EXPECT_NE(verdict_of(change(0.03, -0.03, 0.05)).text.find("on which the estimate lies."), std::string::npos);
    EXPECT_NE(verdict_of(change(0.0299, -0.03, 0.05)).text.find("more blocks alone will not show it."),
              std::string::npos);
}

TEST(BudgetText, IsAsItWasWritten) {
    EXPECT_EQ(budget_text(0.03), "3 %");
    EXPECT_EQ(budget_text(0.005), "0.5 %");
    EXPECT_EQ(budget_text(0.125), "12.5 %");
}

}  // namespace
}  // namespace passbench
