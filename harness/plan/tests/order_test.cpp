#include "harness/plan/order.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::ElementsAre;

TEST(R61, EachBlockHoldsEveryArmAndEveryTrialOnce) {
    for (const BlockPlan& block : randomised_blocks({.arms = 3, .cases = 5, .trials = 2, .blocks = 7, .seed = 3})) {
        std::vector<int> arms = block.arms;
        std::ranges::sort(arms);
        EXPECT_THAT(arms, ElementsAre(0, 1, 2));
        std::set<std::pair<int, int>> slots;
        for (const Slot& slot : block.slots) slots.insert({slot.case_index, slot.trial});
        EXPECT_EQ(block.slots.size(), 10U);
        EXPECT_EQ(slots.size(), 10U);
        EXPECT_EQ(*slots.rbegin(), std::pair(4, 1));
    }
}

TEST(R61, TwoArmsComeInPairsOfOppositeOrder) {
    const auto blocks = randomised_blocks({.arms = 2, .blocks = 40, .seed = 11});
    int began_with_reference = 0;
    for (std::size_t i = 0; i < blocks.size(); i += 2) {
        EXPECT_EQ(blocks[i].arms[0], blocks[i + 1].arms[1]);
        EXPECT_EQ(blocks[i].arms[1], blocks[i + 1].arms[0]);
        began_with_reference += blocks[i].arms[0] == 0 ? 1 : 0;
    }
    // Which of a pair comes first is random: all 20 alike would happen once in 500,000 seeds.
    EXPECT_GT(began_with_reference, 0);
    EXPECT_LT(began_with_reference, 20);
}

TEST(R61, ThreeArmsStandInEachPositionEquallyOften) {
    std::map<std::pair<int, int>, int> times;  // (arm, position)
    for (const BlockPlan& block : randomised_blocks({.arms = 3, .blocks = 12, .seed = 5})) {
        for (int position = 0; position < 3; ++position)
            ++times[{block.arms[static_cast<std::size_t>(position)], position}];
    }
    for (const auto& [place, count] : times) EXPECT_EQ(count, 4) << "arm " << place.first << " at " << place.second;
    EXPECT_EQ(times.size(), 9U);
}

TEST(R61, TrialsAreInAnotherOrderInEachBlock) {
    const auto blocks = randomised_blocks({.arms = 1, .cases = 30, .trials = 1, .blocks = 3, .seed = 1});
    EXPECT_NE(blocks[0].slots, blocks[1].slots);
    EXPECT_NE(blocks[1].slots, blocks[2].slots);
}

TEST(R62, TheOrderFollowsFromTheSeedAlone) {
    const OrderRequest request = {.arms = 2, .cases = 4, .trials = 3, .blocks = 6, .seed = 42};
    OrderRequest other = request;
    other.seed = 43;
    const auto once = randomised_blocks(request);
    const auto again = randomised_blocks(request);
    const auto otherwise = randomised_blocks(other);
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_EQ(once[i].slots, again[i].slots);
        EXPECT_EQ(once[i].arms, again[i].arms);
        EXPECT_NE(once[i].slots, otherwise[i].slots);
    }
}

TEST(R62, TheOrderOfABlockDoesNotDependOnHowManyFollow) {
    const auto few = randomised_blocks({.arms = 2, .cases = 4, .trials = 3, .blocks = 5, .seed = 42});
    const auto many = randomised_blocks({.arms = 2, .cases = 4, .trials = 3, .blocks = 24, .seed = 42});
    for (std::size_t i = 0; i < few.size(); ++i) {
        EXPECT_EQ(few[i].slots, many[i].slots);
        EXPECT_EQ(few[i].arms, many[i].arms);
    }
}

}  // namespace
}  // namespace passbench
