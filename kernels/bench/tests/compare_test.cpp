#include "kernels/bench/compare.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(TimeInTurns, EachWayHasItsTurnInEachRoundAfterAnUntimedOne) {
    std::string order;
    const std::vector<Way> ways = {{"a", [&] { order += 'a'; }}, {"b", [&] { order += 'b'; }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, 2);
    EXPECT_EQ(order, "ababab");
    ASSERT_EQ(timed.size(), 2U);
    EXPECT_EQ(timed[1].name, "b");
    EXPECT_EQ(timed[1].ns.size(), 2U);
}

TEST(MedianSpeed, ComparesRoundByRound) {
    const TimedWay fast = {"fast", {1, 10, 100}};
    const TimedWay slow = {"slow", {2, 20, 200}};  // a machine that gets slower meets both
    EXPECT_DOUBLE_EQ(median_speed(fast, slow), 2);
    EXPECT_DOUBLE_EQ(median_speed(slow, fast), 0.5);
}

TEST(Median, IsTheMiddleOne) { EXPECT_DOUBLE_EQ(median({9, 1, 5}), 5); }

}  // namespace
}  // namespace passbench
