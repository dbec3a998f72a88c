// The arithmetic of comparing two clocks, with made-up questions and answers.
#include "kernels/cuda/clock_offset.hpp"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cuda/launch_parts.hpp"

namespace passbench {
namespace {

constexpr std::int64_t ahead_ns =
    1'700'000'000'000'000'003;  // a clock of the epoch, as cards have it: more digits than a double

/// Asked at `asked_ns`, so long there, so long back.
ClockQuestion question(std::int64_t asked_ns, std::int64_t there_ns, std::int64_t back_ns) {
    return {
        .asked_ns = asked_ns, .other_ns = asked_ns + there_ns + ahead_ns, .answered_ns = asked_ns + there_ns + back_ns};
}

TEST(ClockOffset, IsWithinItsErrorBoundHoweverUnevenTheWaysAre) {
    const std::vector<std::vector<ClockQuestion>> exchanges = {
        {question(1000, 500, 500)},
        {question(1000, 20, 3000)},
        {question(1000, 3000, 20)},
        {question(1000, 900, 2000), question(5000, 4000, 300), question(9000, 1500, 1500)},
    };
    for (const auto& questions : exchanges) {
        const auto offset = clock_offset(questions, 0);
        ASSERT_TRUE(offset);
        EXPECT_LE(std::abs(offset->ahead_ns - ahead_ns), offset->error_ns);
    }
}

TEST(ClockOffset, IsNarrowedByTheShortestWayThereAndTheShortestWayBack) {
    const std::vector<ClockQuestion> questions = {question(1000, 300, 2000), question(5000, 4000, 500)};
    const auto offset = clock_offset(questions, 0);
    ASSERT_TRUE(offset);
    EXPECT_EQ(offset->error_ns, (300 + 500) / 2);
    EXPECT_EQ(offset->ahead_ns, ahead_ns - 100);  // the way back is the longer one by 200
    EXPECT_EQ(offset->at_ns, 1000 + (5000 + 4500 - 1000) / 2);
}

TEST(ClockOffset, AllowsForTheTickOfTheOtherClock) {
    // It showed a time that was up to a tick old.
    const std::vector<ClockQuestion> questions = {
        {.asked_ns = 1000, .other_ns = 1000 + ahead_ns - 600, .answered_ns = 1010}};
    EXPECT_TRUE(clock_offset(questions, 1000));
    const auto offset = clock_offset(questions, 1000);
    EXPECT_LE(std::abs(offset->ahead_ns - ahead_ns), offset->error_ns);
    EXPECT_GE(offset->error_ns, 500);
}

TEST(ClockOffset, IsNoneWhereAClockWasSetMeanwhile) {
    std::vector<ClockQuestion> questions = {question(1000, 500, 500), question(5000, 500, 500)};
    questions[1].other_ns += 1001;
    EXPECT_FALSE(clock_offset(questions, 0));
    EXPECT_TRUE(clock_offset(questions, 100));  // the tick explains it
}

TEST(AheadAt, FollowsAnEvenDrift) {
    const ClockOffset before = {.at_ns = 1'000'000, .ahead_ns = ahead_ns, .error_ns = 10};
    const ClockOffset after = {.at_ns = 3'000'000, .ahead_ns = ahead_ns + 40, .error_ns = 10};
    EXPECT_EQ(ahead_at(before, after, 1'000'000 + ahead_ns), ahead_ns);
    EXPECT_EQ(ahead_at(before, after, 2'000'000 + ahead_ns + 20), ahead_ns + 20);
    EXPECT_EQ(ahead_at(before, after, 3'000'000 + ahead_ns + 40), ahead_ns + 40);
    EXPECT_EQ(ahead_at(before, before, 2'000'000 + ahead_ns), ahead_ns);
}

TEST(LaunchParts, AddUpToTheWholeWhateverTheClocksSay) {
    const ClockOffset before = {.at_ns = 0, .ahead_ns = ahead_ns, .error_ns = 300};
    const ClockOffset after = {.at_ns = 50'000, .ahead_ns = ahead_ns + 7, .error_ns = 300};
    const LaunchStamps stamps = {.call_ns = 10'000,
                                 .return_ns = 12'500,
                                 .wake_ns = 20'001,
                                 .kernel_begin_ns = 15'003 + ahead_ns,
                                 .kernels_ns = 1'111};
    const LaunchParts parts = launch_parts(stamps, before, after);
    EXPECT_EQ(parts.enqueue_ns, 2'500);
    EXPECT_EQ(parts.submit_to_start_ns, 15'003 - 2 - 12'500);  // 2 of the 7 ns of drift have passed
    EXPECT_EQ(parts.run_ns, 1'111);
    EXPECT_EQ(parts.enqueue_ns + parts.submit_to_start_ns + parts.run_ns + parts.finish_to_wake_ns, 20'001 - 10'000);
}

}  // namespace
}  // namespace passbench
