// kill -9 at every operation of the store in one small run, and at 20 random times: after a resume each planned (case, arm,
// block, trial) is there exactly once in the attempt that counts, and every byte written before is unchanged.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/cli/tests/kill_fixture.hpp"

namespace passbench {
namespace {

using ::testing::IsEmpty;

class KillEverywhere : public KillTest {
protected:
    /// Runs have a few operations more or less, by how many batches of warm-up their trials needed.
    void expect_kills(int operations) const { EXPECT_GE(kills(), operations - 10); }
};

TEST_F(KillEverywhere, RightBeforeEachOperation) {
    const int operations = count_operations();
    ASSERT_GT(operations, 30);
    EXPECT_THAT(all_of(operations, [&](int number) { return kill_and_resume(std::to_string(number)); }), IsEmpty());
    expect_kills(operations);
}

TEST_F(KillEverywhere, RightAfterEachOperationWithWritesCutInHalf) {
    const int operations = count_operations();
    ASSERT_GT(operations, 30);
    EXPECT_THAT(all_of(operations, [&](int number) { return kill_and_resume(std::to_string(number) + "+"); }),
                IsEmpty());
    expect_kills(operations);
}

TEST_F(KillEverywhere, AtTwentyRandomTimes) {
    static_cast<void>(tiny_scenario());
    constexpr int longest_ms = 1500;  // a whole tiny run takes about a second
    const auto seed = std::random_device()();
    std::mt19937_64 random(seed);
    std::vector<int> delays(20);
    std::generate(delays.begin(), delays.end(), [&] { return static_cast<int>(random() % longest_ms); });
    std::sort(delays.begin(), delays.end());
    delays.erase(std::unique(delays.begin(), delays.end()), delays.end());
    EXPECT_THAT(all_of(static_cast<int>(delays.size()),
                       [&](int number) { return kill_after_and_resume(delays[static_cast<std::size_t>(number)]); }),
                IsEmpty())
        << "seed " << seed;
}

}  // namespace
}  // namespace passbench
