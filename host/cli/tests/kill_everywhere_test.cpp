// kill -9 at every operation on durable files in one small run, and at 20 random times: after a resume each planned (case, arm,
// block, trial) is there exactly once in the attempt that counts, and every byte written before is unchanged.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/cli/tests/kill_fixture.hpp"

namespace passbench {
namespace {

using ::testing::IsEmpty;

/// Every fourth operation, beginning at the parameter: four tests that can run side by side.
class KillEverywhere : public KillTest, public ::testing::WithParamInterface<int> {
protected:
    void kill_at_each(const std::string& suffix) {
        const int operations = count_operations();
        ASSERT_GT(operations, 30);
        const int attempts = (operations - GetParam() + parts - 1) / parts;
        EXPECT_THAT(
            all_of(attempts,
                   [&](int number) { return kill_and_resume(std::to_string(number * parts + GetParam()) + suffix); }),
            IsEmpty());
        // Runs have a few operations more or less, by how many batches of warm-up their trials needed.
        EXPECT_GE(kills(), attempts - 3);
    }
    static constexpr int parts = 4;
};

TEST_P(KillEverywhere, RightBeforeEachOperation) { kill_at_each(""); }

TEST_P(KillEverywhere, RightAfterEachOperationWithWritesCutInHalf) { kill_at_each("+"); }

INSTANTIATE_TEST_SUITE_P(Parts, KillEverywhere, ::testing::Values(0, 1, 2, 3));

class KillAnyTime : public KillTest {};

TEST_F(KillAnyTime, AtTwentyRandomTimes) {
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
