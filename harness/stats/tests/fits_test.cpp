#include "harness/stats/fits.hpp"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"
#include "harness/stats/tails.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t kibibyte = 1 << 10;

/// Block values of copies in some arms, as analyze() hands them over.
class Sweep {
public:
    Sweep(std::vector<std::string> arms, int blocks) : blocks_(blocks) {
        plan.arms = std::move(arms);
        plan.design.looks = {blocks};
        plan.blocks.resize(static_cast<std::size_t>(blocks));
    }

    /// A case of these bytes; `wall` gives each block's time in an arm.
    void add(std::int64_t bytes, const std::function<double(const std::string& arm, int block)>& wall,
             const std::string& method = "memcpy") {
        PlannedCase planned;
        planned.workload = "copy";
        planned.parameters = {{"bytes", bytes}, {"method", method}};
        planned.name = case_name("copy", Form::cpu, planned.parameters);
        for (const std::string& arm : plan.arms) {
            for (int block = 0; block < blocks_; ++block) {
                const double value = wall(arm, block);
                if (value < 0) continue;
                values.push_back(
                    {.case_name = planned.name, .metric = "wall", .arm = arm, .block = block, .value = value});
                values.push_back(
                    {.case_name = planned.name, .metric = "bandwidth", .arm = arm, .block = block, .value = 1});
            }
        }
        plan.cases.push_back(planned);
    }

    [[nodiscard]] std::vector<Fit> fits() const { return fit_lines(plan, values, 0.95); }

    Plan plan;
    std::vector<BlockValue> values;

private:
    int blocks_;
};

/// 10 us + 2 % a block, 8 bytes in a ns.
double usual(std::int64_t bytes, int block) { return 10'000 * (1 + 0.02 * block) + static_cast<double>(bytes) / 8; }

Sweep usual_sweep(std::vector<std::string> arms, int blocks) {
    Sweep sweep(std::move(arms), blocks);
    for (const std::int64_t bytes : {std::int64_t{4}, 4 * kibibyte, 1024 * kibibyte, 1024 * 1024 * kibibyte}) {
        sweep.add(bytes, [bytes](const std::string& arm, int block) {
            return usual(bytes, block) + (arm == "dda" ? 5'000 * (1 + 0.02 * block) : 0);
        });
    }
    return sweep;
}

const FitNumber* find_number(const Fit& fit, const std::string& name) {
    for (const FitNumber& number : fit.numbers) {
        if (number.name == name) return &number;
    }
    return nullptr;
}

TEST(Fits, AreTheMediansOfTheBlocksLinesWithIntervals) {
    const auto fits = usual_sweep({"native"}, 6).fits();
    ASSERT_THAT(fits, SizeIs(1));
    const Fit& fit = fits[0];
    EXPECT_EQ(fit.cases, "copy/cpu?method=memcpy");
    EXPECT_EQ(fit.model, "alpha + bytes / beta");
    EXPECT_EQ(fit.metric, "wall");
    EXPECT_EQ(fit.blocks, 6);
    EXPECT_EQ(fit.points, 4);
    EXPECT_EQ(fit.from, 4);
    EXPECT_EQ(fit.to, std::int64_t{1} << 30);
    EXPECT_EQ(fit.why, "");
    ASSERT_THAT(fit.numbers, SizeIs(3));
    const FitNumber& alpha = *find_number(fit, "alpha");
    EXPECT_NEAR(*alpha.value, 10'500, 1e-6);
    EXPECT_NEAR(*alpha.lo, 10'000, 1e-6);
    EXPECT_NEAR(*alpha.hi, 11'000, 1e-6);
    EXPECT_NEAR(alpha.confidence, 0.96875, 1e-12);
    EXPECT_EQ(alpha.unit, "ns");
    const FitNumber& beta = *find_number(fit, "beta");
    EXPECT_NEAR(*beta.value, 8e9, 1);
    EXPECT_EQ(beta.unit, "B/s");
    const FitNumber& half = *find_number(fit, "n_half");
    EXPECT_NEAR(*half.value, 10'500 * 8, 1e-3);
    EXPECT_EQ(half.unit, "B");
    ASSERT_TRUE(fit.furthest);
    EXPECT_NEAR(fit.furthest->value, 0, 1e-9);
}

TEST(Fits, TellWhereTheTimesLieFurthestFromTheLine) {
    Sweep sweep = usual_sweep({"native"}, 6);
    sweep.add(64 * kibibyte, [](const std::string&, int block) { return 2 * usual(64 * kibibyte, block); });
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(1));
    EXPECT_NEAR(*find_number(fits[0], "alpha")->value, 10'500, 1e-6);
    ASSERT_TRUE(fits[0].furthest);
    EXPECT_EQ(fits[0].furthest->at, 64 * kibibyte);
    EXPECT_NEAR(fits[0].furthest->value, 1, 1e-9);
}

TEST(Fits, NeedThreeSizesAndSayIt) {
    Sweep sweep({"native"}, 6);
    sweep.add(4, [](const std::string&, int block) { return usual(4, block); });
    EXPECT_THAT(sweep.fits(), SizeIs(0));  // one case asks for no line
    sweep.add(kibibyte, [](const std::string&, int block) { return usual(kibibyte, block); });
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(1));
    EXPECT_THAT(fits[0].numbers, SizeIs(0));
    EXPECT_EQ(fits[0].why, "2 values of bytes measured; a line needs 3");
}

TEST(Fits, GroupCasesThatAreEqualInAllElse) {
    Sweep sweep = usual_sweep({"native"}, 6);
    for (const std::int64_t bytes : {4L, 400L, 40'000L}) {
        sweep.add(
            bytes, [bytes](const std::string&, int block) { return 2 * usual(bytes, block); }, "plain");
    }
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(2));
    EXPECT_EQ(fits[1].cases, "copy/cpu?method=plain");
    EXPECT_NEAR(*find_number(fits[1], "alpha")->value, 21'000, 1e-6);
    EXPECT_EQ(fits[1].points, 3);
}

TEST(Fits, ASizeThatCannotBeMeasuredShortensTheRangeAndABlockWithoutASizeIsLeftOut) {
    Sweep sweep({"native"}, 8);
    for (const std::int64_t bytes : {4L, 400L, 40'000L, 4'000'000L}) {
        sweep.add(bytes, [bytes](const std::string&, int block) {
            if (bytes == 4'000'000) return -1.0;          // no value in any block
            if (bytes == 400 && block == 3) return -1.0;  // and none in this one
            return usual(bytes, block);
        });
    }
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(1));
    EXPECT_EQ(fits[0].to, 40'000);
    EXPECT_EQ(fits[0].points, 3);
    EXPECT_EQ(fits[0].blocks, 7);
}

TEST(Fits, BlocksOfALaterLookThatMeasuredOneSizeAloneDoNotCount) {
    Sweep sweep({"native"}, 8);
    sweep.plan.design.looks = {6, 8};
    for (const std::int64_t bytes : {4L, 400L, 40'000L}) {
        sweep.add(bytes, [bytes](const std::string&, int block) {
            return block >= 6 && bytes != 400 ? -1.0 : usual(bytes, block);
        });
    }
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(1));
    EXPECT_EQ(fits[0].blocks, 6);
    EXPECT_EQ(fits[0].points, 3);
}

TEST(Fits, FewerThanSixBlocksHaveNoIntervalAndSayWhatItNeeds) {
    const auto fits = usual_sweep({"native"}, 5).fits();
    ASSERT_THAT(fits, SizeIs(1));
    const FitNumber& alpha = *find_number(fits[0], "alpha");
    EXPECT_NEAR(*alpha.value, 10'400, 1e-6);
    EXPECT_FALSE(alpha.lo);
    EXPECT_EQ(alpha.why, "5 blocks measured; an interval needs 6");
}

TEST(Fits, CompareArmsInPairsOfBlocks) {
    const auto fits = usual_sweep({"native", "dda"}, 8).fits();
    ASSERT_THAT(fits, SizeIs(3));
    const Fit& change = fits[2];
    EXPECT_EQ(change.arm, "dda");
    EXPECT_EQ(change.reference, "native");
    EXPECT_EQ(change.blocks, 8);
    const FitNumber& alpha = *find_number(change, "alpha");
    EXPECT_NEAR(*alpha.value, 0.5, 1e-6);
    EXPECT_NEAR(*alpha.lo, 0.5, 1e-6);
    EXPECT_GE(alpha.confidence, 0.95);
    EXPECT_NEAR(*find_number(change, "beta")->value, 0, 1e-6);
    EXPECT_EQ(find_number(change, "n_half"), nullptr);  // more or less of it is neither better nor worse
}

TEST(Fits, OfArmsThatWereMeasuredAtOtherSizesAreNotCompared) {
    Sweep sweep = usual_sweep({"native", "dda"}, 8);
    sweep.add(64 * kibibyte,
              [](const std::string& arm, int block) { return arm == "dda" ? -1 : usual(64 * kibibyte, block); });
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(3));
    EXPECT_THAT(fits[2].numbers, SizeIs(0));
    EXPECT_EQ(fits[2].why, "the two arms were measured at different values of bytes");
}

TEST(Fits, ATimeThatDoesNotGrowHasNoRate) {
    Sweep sweep({"native"}, 6);
    for (const std::int64_t bytes : {4L, 400L, 40'000L}) {
        sweep.add(bytes, [bytes](const std::string&, int) { return 1000 - 0.001 * static_cast<double>(bytes); });
    }
    const auto fits = sweep.fits();
    ASSERT_THAT(fits, SizeIs(1));
    EXPECT_NEAR(*find_number(fits[0], "alpha")->value, 1000, 1e-6);
    EXPECT_FALSE(find_number(fits[0], "beta")->value);
    EXPECT_EQ(find_number(fits[0], "beta")->why, "in 6 of 6 blocks the time does not grow with bytes");
    EXPECT_THAT(find_number(fits[0], "n_half")->why, HasSubstr("in 6 of 6 blocks"));
}

/// A case of `stream`, which has no line of its own, alone and beside 0 to 2 processes; in block b it takes 100 + b + 20 a process,
/// and its tail ten times that.
Sweep beside_loads(bool with_tails) {
    Sweep sweep({"native"}, 6);
    for (int level = 0; level <= 2; ++level) {
        PlannedCase planned;
        planned.workload = "stream";
        planned.parameters = {{"op", "triad"}};
        if (level > 0) planned.load = Load{.kind = LoadKind::cpu, .level = level};
        planned.name = case_name("stream", Form::cpu, with_load(planned.parameters, planned.load));
        for (int block = 0; block < 6; ++block) {
            const double value = 100 + block + 20 * level;
            BlockValue one{
                .case_name = planned.name, .metric = "wall", .arm = "native", .block = block, .value = value};
            sweep.values.push_back(one);
            one.metric = tail_metric;
            one.value *= 10;
            if (with_tails) sweep.values.push_back(one);
        }
        sweep.plan.cases.push_back(planned);
    }
    return sweep;
}

TEST(Fits, OverTheLevelsOfALoadAreThoseOfTheMedianAndOfTheTail) {
    const auto fits = beside_loads(true).fits();
    ASSERT_THAT(fits, SizeIs(2));
    EXPECT_EQ(fits[0].cases, "stream/cpu?op=triad");
    EXPECT_EQ(fits[0].parameter, "load.cpu");
    EXPECT_EQ(fits[0].metric, "wall");
    EXPECT_EQ(fits[0].model, "a + b x load.cpu");
    EXPECT_EQ(fits[0].from, 0);
    EXPECT_EQ(fits[0].to, 2);
    EXPECT_NEAR(*find_number(fits[0], "a")->value, 102.5, 1e-9);
    EXPECT_NEAR(*find_number(fits[0], "b")->value, 20, 1e-9);
    EXPECT_NEAR(*find_number(fits[0], "b")->lo, 20, 1e-9);
    EXPECT_EQ(fits[1].metric, "wall.p99");
    EXPECT_NEAR(*find_number(fits[1], "b")->value, 200, 1e-9);
}

TEST(Fits, WithoutTailsSayHowManyIterationsTheyNeed) {
    const auto fits = beside_loads(false).fits();
    ASSERT_THAT(fits, SizeIs(2));
    EXPECT_NEAR(*find_number(fits[0], "b")->value, 20, 1e-9);
    EXPECT_THAT(fits[1].numbers, SizeIs(0));
    EXPECT_EQ(fits[1].why, "no block has the 100 iterations that a 99th percentile needs");
}

TEST(Fits, OfAWorkloadWithoutALineThereAreNone) {
    Sweep sweep = usual_sweep({"native"}, 6);
    for (PlannedCase& planned : sweep.plan.cases) planned.workload = "stream";
    EXPECT_THAT(sweep.fits(), SizeIs(0));
}

}  // namespace
}  // namespace passbench
