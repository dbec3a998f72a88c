#include "guest/agent/measure_loop.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::ElementsAre;

/// A clock that moves only when a body says so, and counts how often it is read.
struct MadeUpClock {
    static inline std::int64_t time = 0;
    static inline int reads = 0;
    static std::int64_t now() {
        ++reads;
        return time;
    }
};

class MeasureLoop : public testing::Test {
protected:
    void SetUp() override {
        MadeUpClock::time = 1000;
        MadeUpClock::reads = 0;
    }
};

TEST_F(MeasureLoop, StoresWhatEachIterationTook) {
    std::array<std::int64_t, 4> column{};
    std::int64_t next = 0;
    measure_into<MadeUpClock>(column, [&next] { MadeUpClock::time += ++next; });
    EXPECT_THAT(column, ElementsAre(1, 2, 3, 4));
}

TEST_F(MeasureLoop, ReadsTheClockTwiceAnIterationWhateverTheBatch) {
    std::array<std::int64_t, 3> column{};
    measure_into<MadeUpClock>(column, [] {});
    EXPECT_EQ(MadeUpClock::reads, 6);
    measure_batches_into<MadeUpClock>(column, 10, [] { MadeUpClock::time += 5; });
    EXPECT_EQ(MadeUpClock::reads, 12);
    EXPECT_THAT(column, ElementsAre(50, 50, 50));
}

}  // namespace
}  // namespace passbench
