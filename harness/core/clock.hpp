// The two clocks: steady nanoseconds for durations (never compared between machines, R2.4) and UTC for records.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace passbench {

/// Nanoseconds of the steady clock; inline, for it stands inside timed loops.
[[nodiscard]] inline std::int64_t steady_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// How well the steady clock can time here (R2.4), from 1e5 calls.
struct TimerQuality {
    std::int64_t resolution_ns;  // the smallest non-zero difference between two reads
    double cost_ns;              // mean cost of one read
};
[[nodiscard]] TimerQuality measure_timer();

/// Now as RFC 3339 UTC with milliseconds: 2026-01-15T09:30:00.123Z.
[[nodiscard]] std::string utc_now();
/// Now as it stands in the name of a run: 20260115T093000Z.
[[nodiscard]] std::string utc_compact();

}  // namespace passbench
