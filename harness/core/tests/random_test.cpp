#include "harness/core/random.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace passbench {
namespace {

// The constants come from an own transcription of the MT19937-64 recurrence, not from this code.
TEST(Random, GivesTheSameBitsForASeedOnEveryMachine) {
    Random random(20260115);
    for (const std::uint64_t expected : {271984557400650237U, 14922283913822973346U, 13526557952724174285U,
                                         13072282593559646587U, 7898921202657720327U}) {
        EXPECT_EQ(random.bits(), expected);
    }
}

TEST(Random, ShufflesTheSameWayOnEveryMachine) {
    std::vector<int> values(10);
    std::iota(values.begin(), values.end(), 0);
    Random random(20260115);
    random.shuffle(values);
    EXPECT_EQ(values, (std::vector<int>{0, 6, 1, 2, 8, 3, 4, 5, 9, 7}));
}

TEST(Random, ShufflesNothingAndOneValue) {
    Random random(1);
    std::vector<int> none;
    std::vector<int> one = {5};
    random.shuffle(none);
    random.shuffle(one);
    EXPECT_EQ(one, std::vector<int>{5});
}

TEST(Random, BelowRejectsTheBitsThatWouldBiasIt) {
    // With this bound nearly every second draw is rejected: a plain remainder would give 2469588189546311528 first.
    Random random(1);
    constexpr std::uint64_t bound = (1ULL << 63) + 1;
    EXPECT_EQ(random.below(bound), 7588216632478230600U);
    EXPECT_EQ(random.below(bound), 1288452476385911039U);
    EXPECT_EQ(random.below(bound), 2494575675009433615U);
}

TEST(Random, BelowGivesEveryValueAboutEquallyOften) {
    constexpr std::uint64_t bound = 6;
    constexpr int draws = 60'000;
    std::array<int, bound> counts{};
    Random random(20260115);
    for (int draw = 0; draw < draws; ++draw) ++counts.at(random.below(bound));
    // Chi-squared with 5 degrees of freedom: 20.5 is exceeded once in a thousand seeds; this seed is fixed.
    double chi_squared = 0;
    for (const int count : counts) chi_squared += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
    EXPECT_LT(chi_squared, 20.5);
}

TEST(Random, BelowOneIsZero) {
    Random random(3);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, UniformTakesTheUpper53Bits) {  // R8.5
    Random random(7);
    EXPECT_EQ(random.uniform(), 0.754385304152858);
    EXPECT_EQ(random.uniform(), 0.9493012028926442);
}

TEST(DeriveSeed, IsTheFirstEightBytesOfTheDigestOfSeedAndPurpose) {
    EXPECT_EQ(derive_seed(42, "order"), 16330917211150565081U);
}

TEST(DeriveSeed, DiffersByPurposeAndBySeed) {
    const std::set<std::uint64_t> seeds = {derive_seed(1, "order"), derive_seed(1, "inputs"), derive_seed(2, "order"),
                                           derive_seed(1, "")};
    EXPECT_EQ(seeds.size(), 4U);
}

}  // namespace
}  // namespace passbench
