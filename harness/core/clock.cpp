#include "harness/core/clock.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace passbench {
namespace {

struct UtcParts {
    int year;
    unsigned month;
    unsigned day;
    int hour;
    int minute;
    int second;
    int millisecond;
};

UtcParts utc_parts() {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(today);
    const std::chrono::hh_mm_ss time(now - today);
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<unsigned>(date.month()),
            .day = static_cast<unsigned>(date.day()),
            .hour = static_cast<int>(time.hours().count()),
            .minute = static_cast<int>(time.minutes().count()),
            .second = static_cast<int>(time.seconds().count()),
            .millisecond = static_cast<int>(time.subseconds().count())};
}

}  // namespace

TimerQuality measure_timer() {
    constexpr int calls = 100'000;  // R2.4
    std::int64_t resolution = 0;
    const std::int64_t begin = steady_ns();
    std::int64_t previous = begin;
    for (int call = 1; call < calls; ++call) {
        const std::int64_t now = steady_ns();
        const std::int64_t difference = now - previous;
        previous = now;
        if (difference > 0 && (resolution == 0 || difference < resolution)) resolution = difference;
    }
    // A clock so coarse that it never moved meanwhile is at least this coarse.
    if (resolution == 0) resolution = std::max<std::int64_t>(previous - begin, 1);
    return {.resolution_ns = resolution, .cost_ns = static_cast<double>(previous - begin) / (calls - 1)};
}

std::string utc_now() {
    const UtcParts utc = utc_parts();
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", utc.year, utc.month, utc.day,
                  utc.hour, utc.minute, utc.second, utc.millisecond);
    return text.data();
}

std::string utc_compact() {
    const UtcParts utc = utc_parts();
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", utc.year, utc.month, utc.day, utc.hour,
                  utc.minute, utc.second);
    return text.data();
}

}  // namespace passbench
