#include "harness/stats/analyze.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include <gtest/gtest.h>

#include "harness/stats/tests/measured_run.hpp"

namespace passbench {
namespace {

/// `blocks` blocks of one trial of three equal iterations; block b takes (1000 + 10 b) x factor ns in `arm`.
void add_blocks(MeasuredRun& run, const std::string& arm, int blocks, double factor, const Facts& facts = {}) {
    for (int block = 0; block < blocks; ++block) {
        const auto value = std::llround((1000 + 10 * block) * factor);
        run.add({.arm = arm, .block = block, .wall_ns = {value, value, value}, .facts = facts});
    }
}

TEST(Analyze, ABlockValueIsTheMeanOfItsTrialMedians) {  // R7.1
    MeasuredRun run({"native"}, {1}, 2);
    run.add({.trial = 0, .wall_ns = {100, 300, 200}});
    run.add({.trial = 1, .wall_ns = {400, 5000, 300}});
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats);
    const Estimate* wall = find_estimate(*stats, "wall", "native");
    ASSERT_NE(wall, nullptr);
    EXPECT_EQ(*wall->value, 300);  // (200 + 400) / 2
    ASSERT_EQ(stats->blocks.size(), 2U);
    EXPECT_EQ(stats->blocks[0].trials, 2);
}

TEST(Analyze, ATimeIsThatOfOneOperation) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add({.wall_ns = {1000, 2000, 3000}, .ops = 10});
    EXPECT_EQ(*find_estimate(*run.analyzed(), "wall", "native")->value, 200);
}

TEST(Analyze, ATimeIsThatOfOneOperationWhenBatchesDiffer) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add_samples({.wall_ns = {1000, 3000}, .ops = 10, .first = 1});
    run.add({.wall_ns = {4000}, .ops = 20, .first = 0});
    EXPECT_EQ(*find_estimate(*run.analyzed(), "wall", "native")->value, 200);
}

TEST(Analyze, ARateIsTotalWorkByTotalTime) {  // R7.3: not the mean of rates
    MeasuredRun run({"native"}, {1}, 2);
    run.add({.trial = 0, .wall_ns = {100, 100}, .ops = 2});
    run.add({.trial = 1, .wall_ns = {300, 500}, .ops = 2});
    const auto stats = run.analyzed();
    const Estimate* bandwidth = find_estimate(*stats, "bandwidth", "native");
    ASSERT_NE(bandwidth, nullptr);
    EXPECT_DOUBLE_EQ(*bandwidth->value, 1000.0 * 8 / 1000e-9);
}

TEST(Analyze, ColdAndWarmUpIterationsDoNotCount) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add_samples({.wall_ns = {9999}, .phase = Phase::cold});
    run.add_samples({.wall_ns = {7777, 8888}, .phase = Phase::warmup});
    run.add({.wall_ns = {100, 100, 100}});
    EXPECT_EQ(*find_estimate(*run.analyzed(), "wall", "native")->value, 100);
}

TEST(Analyze, OnlyTheCountingAttemptOfABlockCounts) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add_samples({.attempt = 0, .wall_ns = {9999}});
    run.add({.attempt = 1, .wall_ns = {100}});
    const auto stats = run.analyzed();
    const Estimate* wall = find_estimate(*stats, "wall", "native");
    EXPECT_EQ(*wall->value, 100);
    EXPECT_EQ(flag_text(*wall, "interrupted"), "1 block was interrupted and measured again whole");
    EXPECT_EQ(stats->blocks[0].attempt, 1);
}

TEST(Analyze, AllChunksOfATrialAreOneTrial) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add_samples({.wall_ns = {400, 500}, .first = 3});
    run.add({.wall_ns = {100, 200, 300}, .first = 0});
    EXPECT_EQ(*find_estimate(*run.analyzed(), "wall", "native")->value, 300);
}

TEST(Analyze, SixBlocksGiveAnIntervalOfTheMedianAndFiveGiveTheReason) {
    MeasuredRun run({"native"}, {6}, 1);
    add_blocks(run, "native", 6, 1.0);
    const Estimate six = *find_estimate(*run.analyzed(), "wall", "native");
    EXPECT_EQ(*six.value, 1025);
    EXPECT_EQ(*six.lo, 1000);
    EXPECT_EQ(*six.hi, 1050);
    EXPECT_NEAR(six.confidence, 0.96875, 1e-12);

    MeasuredRun fewer({"native"}, {5}, 1);
    add_blocks(fewer, "native", 5, 1.0);
    const Estimate five = *find_estimate(*fewer.analyzed(), "wall", "native");
    EXPECT_EQ(*five.value, 1020);
    EXPECT_FALSE(five.lo);
    EXPECT_EQ(flag_text(five, "underpowered"),
              "5 blocks measured; a 95 % interval of the median needs 6: measure 1 more");
}

TEST(Analyze, ComparesArmsInPairsOfBlocks) {  // R9.1
    MeasuredRun run({"native", "dda"}, {8}, 1);
    add_blocks(run, "native", 8, 1.0);
    add_blocks(run, "dda", 8, 1.1);
    const auto stats = run.analyzed();
    const Estimate* wall = find_estimate(*stats, "wall", "dda", "native");
    ASSERT_NE(wall, nullptr);
    EXPECT_NEAR(*wall->value, 0.1, 1e-3);
    EXPECT_NEAR(*wall->lo, 0.1, 1e-3);
    EXPECT_NEAR(*wall->hi, 0.1, 1e-3);
    EXPECT_GE(wall->confidence, 0.95);
    EXPECT_EQ(wall->blocks, 8);
    // The same change seen as a rate: less bandwidth is worse, by as much as the time is longer.
    EXPECT_NEAR(*find_estimate(*stats, "bandwidth", "dda", "native")->value, 0.1, 1e-3);
    EXPECT_EQ(find_estimate(*stats, "wall", "native", "native"), nullptr);
}

TEST(Analyze, AGatedMetricIsTestedAtItsShareOfAlpha) {  // R9.6, R10.2, R5.3
    MeasuredRun run({"native", "dda"}, {6, 12, 18}, 1);
    run.plan.cases[0].gates = {{"wall", 0.03}};
    add_blocks(run, "native", 6, 1.0);
    add_blocks(run, "dda", 6, 1.1);
    const auto stats = run.analyzed();
    const Estimate* gated = find_estimate(*stats, "wall", "dda", "native");
    EXPECT_FALSE(gated->lo);  // 0.05 / 3 needs 7 blocks
    EXPECT_EQ(flag_text(*gated, "underpowered"),
              "6 blocks measured; an interval at the level of this comparison needs 7: measure 1 more");
    EXPECT_TRUE(find_estimate(*stats, "bandwidth", "dda", "native")->lo);  // at 95 %
    EXPECT_TRUE(gated->mde);
}

TEST(Analyze, ABlockThatOneArmLacksIsLeftOutOfThePairs) {
    MeasuredRun run({"native", "dda"}, {3}, 1);
    add_blocks(run, "native", 3, 1.0);
    run.add({.arm = "dda", .block = 0, .wall_ns = {1100}});
    run.add({.arm = "dda", .block = 2, .wall_ns = {1122}});
    run.add_event("trial_failed", {.arm = "dda", .block = 1}, {{"reason", std::string("device lost")}});
    const auto stats = run.analyzed();
    EXPECT_EQ(find_estimate(*stats, "wall", "dda", "native")->blocks, 2);
    ASSERT_EQ(stats->missing.size(), 1U);
    EXPECT_EQ(stats->missing[0].word, "error");
    EXPECT_EQ(stats->missing[0].text, "device lost");
    EXPECT_EQ(stats->missing[0].block, 1);
}

TEST(Analyze, ATrialThatCannotBeTrustedIsMissingAndNeverANumber) {  // R1.2, R1.3, R1.5
    const auto word_of = [](const std::string& kind, const Facts& facts, const bool with_samples) {
        MeasuredRun run({"native"}, {1}, 1);
        if (with_samples) run.add_samples({.wall_ns = {100}});
        run.add_event(kind, {}, facts);
        const auto stats = run.analyzed();
        EXPECT_TRUE(stats->blocks.empty());
        EXPECT_FALSE(find_estimate(*stats, "bandwidth", "native")->value);
        EXPECT_FALSE(find_estimate(*stats, "bandwidth", "native")->why.empty());
        return stats->missing.at(0).word + ": " + stats->missing.at(0).text;
    };
    EXPECT_EQ(word_of("trial_skipped", {{"reason", std::string("needs avx512")}}, false), "skipped: needs avx512");
    EXPECT_EQ(word_of("trial_failed", {}, false), "error: the trial failed without a reason");
    EXPECT_EQ(
        word_of("trial_failed", {{"code", std::string("verify_failed")}, {"reason", std::string("element 3")}}, true),
        "invalid: element 3");
    EXPECT_EQ(word_of("trial_ended", {{"verified", false}}, true),
              "invalid: its results were not compared with the reference");
    EXPECT_EQ(word_of("trial_ended", {}, true), "invalid: its results were not compared with the reference");
    EXPECT_EQ(word_of("trial_ended", {{"verified", true}, {"invariant", std::string("steal 20 %")}}, true),
              "invalid: steal 20 %");
    EXPECT_EQ(word_of("trial_ended", {{"verified", true}}, false), "error: the trial ended without samples");
    EXPECT_EQ(word_of("trial_begun", {}, true), "error: the trial left no record of how it ended");
}

TEST(Analyze, ABlockThatDidNotEndIsMissing) {
    MeasuredRun run({"native"}, {2}, 1);
    run.add({.block = 0, .wall_ns = {100}});
    const auto stats = run.analyzed();
    ASSERT_EQ(stats->missing.size(), 1U);
    EXPECT_EQ(stats->missing[0].text, "the block was not measured to its end");
}

TEST(Analyze, ALaterLookMissesOnlyTheCasesThatItBegan) {
    MeasuredRun run({"native"}, {1, 2}, 1);
    run.add({.block = 0, .wall_ns = {100}});
    run.attempts[1] = 0;  // block 1 was measured for other cases
    EXPECT_TRUE(run.analyzed(2)->missing.empty());
    run.add_event("trial_begun", {.block = 1}, {});
    EXPECT_EQ(run.analyzed(2)->missing.size(), 1U);
    EXPECT_TRUE(run.analyzed(1)->missing.empty());  // and the first look does not see it
}

TEST(Analyze, EachTrialIsDividedByItsOwnLimit) {
    const auto facts = [](double limit) {
        return Facts{{"limit.value", limit},
                     {"limit.metric", std::string("bandwidth")},
                     {"limit.kind", std::string("measured")},
                     {"limit.formula", std::string("read bandwidth")}};
    };
    MeasuredRun run({"native"}, {1}, 2);
    run.add({.trial = 0, .wall_ns = {1000}, .facts = facts(1.25e9)});  // 1e9 B/s: 80 %
    run.add({.trial = 1, .wall_ns = {2000}, .facts = facts(1.00e9)});  // 5e8 B/s: 50 %
    const Estimate estimate = *find_estimate(*run.analyzed(), "bandwidth", "native");
    EXPECT_DOUBLE_EQ(*estimate.of_limit, 0.65);
    EXPECT_EQ(estimate.limit->kind, LimitKind::measured);
    EXPECT_EQ(estimate.limit->formula, "read bandwidth");
    EXPECT_EQ(flag_text(estimate, "below_peak"),
              "65.0 % of the measured peak: less than 70 %, so this is not the best that this machine can do");
    EXPECT_FALSE(find_estimate(*run.analyzed(), "wall", "native")->of_limit);
}

TEST(Analyze, AboveAPhysicalLimitByMoreThanTwoPercentIsFlagged) {
    const auto flagged = [](double share, const std::string& kind) {
        MeasuredRun run({"native"}, {1}, 1);
        run.add({.wall_ns = {1000},
                 .facts = {
                     {"limit.value", 1e9 / share}, {"limit.metric", std::string("bandwidth")}, {"limit.kind", kind}}});
        return !flag_text(*find_estimate(*run.analyzed(), "bandwidth", "native"), "above_limit").empty();
    };
    EXPECT_TRUE(flagged(1.021, "physical"));
    EXPECT_FALSE(flagged(1.019, "physical"));
    EXPECT_FALSE(flagged(1.5, "measured"));
}

TEST(Analyze, WhatTheTrialsSaidOfThemselvesBecomesFlags) {
    MeasuredRun run({"native"}, {2}, 1);
    run.add({.block = 0,
             .wall_ns = {100},
             .facts = {{"steady", false},
                       {"steal.fraction", 0.09},
                       {"threads", std::int64_t{2}},
                       {"isa", std::string("avx512")}}});
    run.add({.block = 1,
             .wall_ns = {100},
             .facts = {{"timer.ok", false},
                       {"steal.fraction", 0.19},
                       {"timer.resolution_ns", std::int64_t{20}},
                       {"injected", std::string("host 4 %")},
                       {"threads", std::int64_t{2}},
                       {"isa", std::string("avx512")}},
             .simulated = true});
    const auto stats = run.analyzed();
    const Estimate estimate = *find_estimate(*stats, "wall", "native");
    EXPECT_EQ(flag_text(estimate, "unsteady"), "1 of 2 trials had not settled when the warm-up ended");
    EXPECT_EQ(flag_text(estimate, "timer"),
              "1 of 2 trials took less than 100 steps of the timer (20.0 ns) an iteration");
    EXPECT_EQ(flag_text(estimate, "steal"), "1 of 2 trials lost CPU time to other guests of the host, at worst 19.0 %");
    EXPECT_EQ(flag_text(estimate, "injected"), "a slowdown was planted: host 4 %");
    EXPECT_EQ(estimate.ran_on, "2 threads, avx512");
    EXPECT_TRUE(stats->simulated);
}

TEST(Analyze, ADifferenceBelowFiveStepsOfTheTimerIsFlagged) {  // R9.7
    const auto flagged = [](std::int64_t native, std::int64_t dda, std::int64_t ops) {
        MeasuredRun run({"native", "dda"}, {1}, 1);
        const Facts facts = {{"timer.resolution_ns", std::int64_t{100}}};
        run.add({.arm = "native", .wall_ns = {native}, .ops = ops, .facts = facts});
        run.add({.arm = "dda", .wall_ns = {dda}, .ops = ops, .facts = facts});
        return !flag_text(*find_estimate(*run.analyzed(), "wall", "dda", "native"), "below_floor").empty();
    };
    EXPECT_TRUE(flagged(10'000, 10'499, 1));
    EXPECT_FALSE(flagged(10'000, 10'500, 1));
    EXPECT_FALSE(flagged(10'000, 10'500, 1000));  // the timer saw 500 ns, however many operations that was
}

TEST(Analyze, AFarOutBlockIsMarkedAndKept) {  // R12.1
    MeasuredRun run({"native"}, {8}, 1);
    for (int block = 0; block < 8; ++block) {
        run.add({.block = block, .wall_ns = {block == 7 ? 90'000 : 1000 + block}});
    }
    const Estimate estimate = *find_estimate(*run.analyzed(), "wall", "native");
    EXPECT_EQ(estimate.blocks, 8);
    EXPECT_EQ(*estimate.hi, 90'000);
    EXPECT_EQ(flag_text(estimate, "outliers"),
              "1 of 8 block values lie outside Tukey's fences, 1 far outside; none was removed");
}

TEST(Analyze, PercentilesAreNearestRanksAndOnlyThoseWithEnoughValues) {  // R8.1, R8.2
    MeasuredRun run({"native"}, {1}, 2);
    std::vector<std::int64_t> values;
    for (std::int64_t value = 1; value <= 40; ++value) values.push_back(value);
    run.add({.trial = 0, .wall_ns = values});
    for (auto& value : values) value += 40;
    run.add({.trial = 1, .wall_ns = values});
    const auto stats = run.analyzed();
    ASSERT_EQ(stats->quantiles.size(), 3U);  // p99 needs 368
    EXPECT_EQ(stats->quantiles[0].value, 40);
    EXPECT_EQ(stats->quantiles[1].p, 0.90);
    EXPECT_EQ(stats->quantiles[1].value, 72);
    EXPECT_EQ(stats->quantiles[2].value, 76);
    EXPECT_EQ(stats->quantiles[2].n, 80);
}

TEST(Analyze, OfAMemoryTestHasTheErrorsOfAllTrialsAndTheLeastCoverage) {
    MeasuredRun run({"native"}, {1}, 3);
    const auto facts = [](std::int64_t errors, std::int64_t resident) {
        return Facts{{"memory.errors", errors},
                     {"memory.tested_bytes", resident + 10},
                     {"memory.total_bytes", std::int64_t{100}},
                     {"memory.coverage", static_cast<double>(resident) / 100}};
    };
    run.add({.trial = 0, .wall_ns = {100}, .facts = facts(0, 80)});
    Facts some = facts(3, 60);
    some["memory.error.1"] = std::string("byte 8 of piece 1");
    some["memory.unproved"] = std::string("1 of 4 pieces");
    run.add({.trial = 1, .wall_ns = {100}, .facts = some});
    some = facts(1, 70);
    some["memory.error.1"] = std::string("byte 9 of piece 1");
    run.add({.trial = 2, .wall_ns = {100}, .facts = some});
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats);
    ASSERT_EQ(stats->memory.size(), 1U);
    const MemoryTest& test = stats->memory.front();
    EXPECT_EQ(test.case_name, MeasuredRun::case_name);
    EXPECT_EQ(test.arm, "native");
    EXPECT_EQ(test.trials, 3);
    EXPECT_EQ(test.errors, 4);
    EXPECT_EQ(test.first_error, "byte 8 of piece 1");
    EXPECT_EQ(test.tested_bytes, 70);
    EXPECT_EQ(test.coverage, 0.6);
    EXPECT_EQ(test.why, "1 of 4 pieces");
    const auto again = stats_from_json(to_json(*stats));
    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_EQ(to_json(*again), to_json(*stats));
    ASSERT_EQ(again->memory.size(), 1U);
    EXPECT_EQ(again->memory.front().coverage, 0.6);
}

TEST(Analyze, OfOtherTrialsHasNoMemoryTest) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add({.wall_ns = {100}});
    EXPECT_TRUE(run.analyzed()->memory.empty());
}

TEST(Analyze, ADamagedChunkIsAnErrorAndNoNumber) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add({.wall_ns = {100, 200}});
    write_plainly(run.folder / "samples.bin", std::string(16, 'x'));
    const auto stats = run.analyzed();
    ASSERT_FALSE(stats);
    EXPECT_EQ(stats.error().code, ErrorCode::bad_record);
}

TEST(Analyze, AnUnknownWorkloadIsAnErrorThatNamesIt) {
    MeasuredRun run({"native"}, {1}, 1);
    run.plan.cases[0].workload = "levitate";
    const auto stats = run.analyzed();
    ASSERT_FALSE(stats);
    EXPECT_NE(stats.error().what.find("levitate"), std::string::npos);
}

TEST(Analyze, OfARunWithoutAnyTrialHasNoValuesAndSaysWhy) {
    const MeasuredRun run({"native", "dda"}, {1}, 1);
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats);
    EXPECT_EQ(stats->missing.size(), 2U);
    const Estimate* estimate = find_estimate(*stats, "bandwidth", "dda", "native");
    ASSERT_NE(estimate, nullptr);
    EXPECT_FALSE(estimate->value);
    EXPECT_EQ(estimate->why, "no block has a value in both arms");
}

TEST(Analyze, ATimeOfZeroGivesNoRateAndNoRatio) {
    MeasuredRun run({"native", "dda"}, {1}, 1);
    run.add({.arm = "native", .wall_ns = {0, 0, 0}});
    run.add({.arm = "dda", .wall_ns = {10, 10, 10}});
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats);
    EXPECT_FALSE(find_estimate(*stats, "bandwidth", "native")->value);
    EXPECT_EQ(find_estimate(*stats, "wall", "dda", "native")->why, "a block value is zero, so there is no ratio");
}

/// 1 to `count` ns, each once.
std::vector<std::int64_t> whole_numbers_to(std::int64_t count) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 1);
    return values;
}

TEST(Analyze, ARunWithLoadsHasTheTailOfEachBlockWithAHundredIterations) {
    MeasuredRun run({"native"}, {2}, 2);
    run.plan.cases.push_back(run.plan.cases[0]);
    run.plan.cases[1].name = "copy/cpu?bytes=500&load.cpu=1";
    run.plan.cases[1].load = Load{};
    for (const int trial : {0, 1}) {
        run.add({.block = 0, .trial = trial, .wall_ns = whole_numbers_to(50)});  // of both trials together
        run.add({.block = 1, .trial = trial, .wall_ns = whole_numbers_to(49)});
    }
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats) << to_text(stats.error());
    std::vector<BlockValue> tails;
    std::ranges::copy_if(stats->blocks, std::back_inserter(tails),
                         [](const BlockValue& value) { return value.metric == "wall.p99"; });
    ASSERT_EQ(tails.size(), 1U);
    EXPECT_EQ(tails[0].block, 0);
    EXPECT_EQ(tails[0].case_name, MeasuredRun::case_name);
    EXPECT_EQ(tails[0].value, 50);  // rank 99 of 1, 1, 2, 2 ... 50, 50
}

TEST(Analyze, ARunWithoutLoadsHasNoTailsOfBlocks) {
    MeasuredRun run({"native"}, {1}, 1);
    run.add({.wall_ns = whole_numbers_to(200)});
    const auto stats = run.analyzed();
    ASSERT_TRUE(stats);
    EXPECT_TRUE(std::ranges::none_of(stats->blocks, [](const BlockValue& one) { return one.metric == "wall.p99"; }));
}

}  // namespace
}  // namespace passbench
