#include "harness/stats/rank_distribution.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/stats/tests/reference_values.hpp"

namespace passbench {
namespace {

TEST(SignedRankCut, IsThatOfR9_1) {
    EXPECT_EQ(signed_rank_cut(6, 0.025).k, 1U);
    EXPECT_EQ(signed_rank_cut(8, 0.025).k, 4U);
    EXPECT_EQ(signed_rank_cut(10, 0.025).k, 9U);
    EXPECT_EQ(signed_rank_cut(12, 0.025).k, 14U);
}

TEST(SignedRankCut, AgreesWithScipy) {
    for (const ReferenceCase& one : reference_cases("rank_distribution.json", "signed_rank")) {
        const RankCut cut = signed_rank_cut(one.count("n"), one.number("tail"));
        EXPECT_EQ(cut.k, one.count("k")) << one.text;
        EXPECT_NEAR(cut.probability, one.number("probability"), 1e-12) << one.text;
    }
}

TEST(SignedRankCut, DoesNotUnderflowForTheLargestSample) {
    const RankCut cut = signed_rank_cut(largest_signed_rank_sample, 0.025);
    const double n = static_cast<double>(largest_signed_rank_sample);
    const double normal = n * (n + 1) / 4 - 1.959964 * std::sqrt(n * (n + 1) * (2 * n + 1) / 24);
    EXPECT_NEAR(static_cast<double>(cut.k), normal, 0.001 * normal);
    EXPECT_NEAR(cut.probability, 0.025, 1e-5);
}

// The floors of R5.3: smallest attainable two-sided p, paired 2 / 2^k.
TEST(SmallestSignedRankSample, IsTheFloorOfR5_3) {
    EXPECT_EQ(smallest_signed_rank_sample(0.05 / 2), 6U);
    EXPECT_EQ(smallest_signed_rank_sample(0.05 / 3 / 2), 7U);        // one gate, three looks
    EXPECT_EQ(smallest_signed_rank_sample(0.05 / 3 / 3 / 2), 9U);    // three gates
    EXPECT_EQ(smallest_signed_rank_sample(0.05 / 3 / 10 / 2), 11U);  // ten gates
    for (std::size_t n = 1; n < 30; ++n) {
        const double tail = std::ldexp(1.0, -static_cast<int>(n));
        EXPECT_EQ(smallest_signed_rank_sample(tail), n);
        EXPECT_EQ(signed_rank_cut(n, tail).k, 1U);
    }
}

TEST(MannWhitneyCut, AgreesWithScipy) {
    for (const ReferenceCase& one : reference_cases("rank_distribution.json", "mann_whitney")) {
        const RankCut cut = mann_whitney_cut(one.count("n"), one.count("m"), one.number("tail"));
        EXPECT_EQ(cut.k, one.count("k")) << one.text;
        EXPECT_NEAR(cut.probability, one.number("probability"), 1e-12) << one.text;
    }
}

TEST(MannWhitneyCut, DoesNotDependOnWhichSampleIsFirst) {
    for (const double tail : {0.1, 0.025, 0.001}) {
        EXPECT_EQ(mann_whitney_cut(5, 23, tail).k, mann_whitney_cut(23, 5, tail).k);
        EXPECT_EQ(mann_whitney_cut(150, 90, tail).k, mann_whitney_cut(90, 150, tail).k);
    }
}

TEST(MannWhitneyCut, MeetsTheNormalFormulaAtTheLastExactSize) {
    const RankCut exact = mann_whitney_cut(100, 100, 0.025);   // nm = 10,000; the formula gives 4197.9
    const RankCut normal = mann_whitney_cut(100, 101, 0.025);  // nm = 10,100; the formula gives 4241.8
    EXPECT_EQ(exact.k, 4198U);
    EXPECT_EQ(normal.k, 4242U);
    EXPECT_LE(exact.probability, 0.025);
}

// The floors of R5.3: unpaired 2 / C(2k, k).
TEST(SmallestMannWhitneySample, IsTheFloorOfR5_3) {
    EXPECT_EQ(smallest_mann_whitney_sample(0.05 / 2), 4U);
    EXPECT_EQ(smallest_mann_whitney_sample(0.029 / 2), 4U);
    EXPECT_EQ(smallest_mann_whitney_sample(0.028 / 2), 5U);
    EXPECT_EQ(smallest_mann_whitney_sample(0.002 / 2), 7U);
}

TEST(TiedShare, CountsEveryValueThatHasAnEqual) {
    EXPECT_EQ(tied_share(std::vector<double>{1, 2, 3}, std::vector<double>{4, 5}), 0.0);
    EXPECT_EQ(tied_share(std::vector<double>{1, 2, 2}, std::vector<double>{2, 5}), 0.6);
    EXPECT_EQ(tied_share(std::vector<double>{1}, std::vector<double>{1}), 1.0);
    EXPECT_EQ(tied_share({}, {}), 0.0);
}

TEST(MannWhitneyCutWithTies, WithoutTiesIsNearlyTheExactOne) {
    std::vector<double> x;
    std::vector<double> y;
    for (int index = 0; index < 12; ++index) {
        x.push_back(index);
        y.push_back(index + 0.5);
    }
    const auto exact = static_cast<double>(mann_whitney_cut(12, 12, 0.025).k);
    const auto shuffled = static_cast<double>(mann_whitney_cut_with_ties(x, y, 0.025, 7).k);
    EXPECT_NEAR(shuffled, exact, 2.0);
}

TEST(MannWhitneyCutWithTies, IsTheSameForTheSameSeed) {
    const std::vector<double> x = {1, 1, 2, 2, 3, 3, 4, 4};
    const std::vector<double> y = {1, 2, 2, 3, 3, 4, 5, 5};
    EXPECT_EQ(mann_whitney_cut_with_ties(x, y, 0.025, 3).k, mann_whitney_cut_with_ties(x, y, 0.025, 3).k);
    EXPECT_LE(mann_whitney_cut_with_ties(x, y, 0.025, 3).probability, 0.025);
}

TEST(MannWhitneyCutWithTies, HasNoneWhereTheLevelIsBeyondWhatTheSampleCanShow) {
    const std::vector<double> two = {1, 1};
    EXPECT_EQ(mann_whitney_cut_with_ties(std::vector<double>{1, 2}, std::vector<double>{2, 1}, 0.025, 1).k, 0U);
    EXPECT_EQ(mann_whitney_cut_with_ties(two, two, 1e-9, 1).k, 0U);
}

}  // namespace
}  // namespace passbench
