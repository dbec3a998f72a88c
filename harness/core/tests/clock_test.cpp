#include "harness/core/clock.hpp"

#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(SteadyClock, NeverGoesBack) {
    std::int64_t previous = steady_ns();
    for (int call = 0; call < 10'000; ++call) {
        const std::int64_t now = steady_ns();
        ASSERT_GE(now, previous);
        previous = now;
    }
}

TEST(MeasureTimer, FindsAPositiveResolutionAndCost) {  // R2.4
    const TimerQuality quality = measure_timer();
    EXPECT_GE(quality.resolution_ns, 1);
    EXPECT_LT(quality.resolution_ns, 1'000'000);
    EXPECT_GT(quality.cost_ns, 0);
    EXPECT_LT(quality.cost_ns, 100'000);
}

/// What the C library says of now; a test may straddle a second.
std::string by_c_library(const char* format, std::time_t now) {
    const std::tm parts = *std::gmtime(&now);
    char text[64] = {};
    std::strftime(text, sizeof text, format, &parts);
    return text;
}

TEST(UtcNow, IsRfc3339WithMilliseconds) {
    const std::time_t before = std::time(nullptr);
    const std::string now = utc_now();
    const std::time_t after = std::time(nullptr);
    std::string shape = now;  // on Windows GoogleTest's expressions know no [0-9]
    for (char& letter : shape) letter = letter >= '0' && letter <= '9' ? '0' : letter;
    EXPECT_EQ(shape, "0000-00-00T00:00:00.000Z");
    EXPECT_GE(now.substr(0, 19), by_c_library("%Y-%m-%dT%H:%M:%S", before));
    EXPECT_LE(now.substr(0, 19), by_c_library("%Y-%m-%dT%H:%M:%S", after));
}

TEST(UtcCompact, StandsInFolderNames) {
    const std::time_t before = std::time(nullptr);
    const std::string now = utc_compact();
    const std::time_t after = std::time(nullptr);
    EXPECT_GE(now, by_c_library("%Y%m%dT%H%M%SZ", before));
    EXPECT_LE(now, by_c_library("%Y%m%dT%H%M%SZ", after));
}

}  // namespace
}  // namespace passbench
