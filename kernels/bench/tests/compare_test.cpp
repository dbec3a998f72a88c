#include "kernels/bench/compare.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(TimeInTurns, EachWayHasItsTurnInEachRoundAfterAnUntimedOne) {
    std::string order;
    const std::vector<Way> ways = {{"a", [&] { order += 'a'; }}, {"b", [&] { order += 'b'; }}};
    constexpr int rounds = 20;
    const std::vector<TimedWay> timed = time_in_turns(ways, rounds);
    ASSERT_EQ(order.size(), 2U + 2U * rounds);
    int a_first = 0;
    for (std::size_t round = 0; round <= rounds; ++round) {
        const std::string turn = order.substr(2 * round, 2);
        EXPECT_TRUE(turn == "ab" || turn == "ba") << turn;
        if (turn == "ab") ++a_first;
    }
    EXPECT_GT(a_first, 1);  // neither is always the one that follows the other
    EXPECT_LT(a_first, rounds);
    ASSERT_EQ(timed.size(), 2U);
    EXPECT_EQ(timed[1].name, "b");
    EXPECT_EQ(timed[1].ns.size(), static_cast<std::size_t>(rounds));
}

TEST(MedianSpeed, ComparesRoundByRound) {
    const TimedWay fast = {"fast", {1, 10, 100}};
    const TimedWay slow = {"slow", {2, 20, 200}};  // a machine that gets slower meets both
    EXPECT_DOUBLE_EQ(median_speed(fast, slow), 2);
    EXPECT_DOUBLE_EQ(median_speed(slow, fast), 0.5);
}

TEST(MedianDifference, ComparesRoundByRound) {
    const TimedWay fast = {"fast", {1, 10, 100}};
    const TimedWay slow = {"slow", {4, 15, 103}};
    EXPECT_DOUBLE_EQ(median_difference_ns(fast, slow), 3);  // the medians themselves are 5 apart
}

TEST(MedianNs, IsTheMiddleOne) { EXPECT_DOUBLE_EQ(median_ns({"a way", {9, 1, 5}}), 5); }

}  // namespace
}  // namespace passbench
