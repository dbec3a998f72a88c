// A few of the moments that kill_everywhere_test takes all of, so that the default tests see the kind of fault early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/cli/tests/kill_fixture.hpp"

namespace passbench {
namespace {

using ::testing::IsEmpty;

class KillSample : public KillTest {};

TEST_F(KillSample, ARunKilledAtSomeWritesIsResumedWhole) {
    const int operations = count_operations();
    ASSERT_GT(operations, 30);
    constexpr int samples = 8;
    EXPECT_THAT(all_of(samples,
                       [&](int number) {
                           const int at = (2 * number + 1) * operations / (2 * samples);
                           return kill_and_resume(std::to_string(at) + (number % 2 == 0 ? "" : "+"));
                       }),
                IsEmpty());
    EXPECT_EQ(kills(), samples);
}

}  // namespace
}  // namespace passbench
