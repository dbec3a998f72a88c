// The time that the engine waits by: how long a set may take to show, how long a host has to be quiet. Tests put a clock of
// their own here, so that ten minutes of waiting cost nothing.
#pragma once

#include <cstdint>
#include <functional>

namespace passbench {

struct EngineClock {
    std::function<std::int64_t()> now_ns;
    std::function<void(std::int64_t duration_ns)> sleep;
};

/// The steady clock of this machine.
[[nodiscard]] EngineClock system_clock();

struct EngineTimes {
    std::int64_t observe_deadline_ns = 60'000'000'000;  // until a set must show; guests take tens of seconds to stop
    std::int64_t settle_gap_ns = 10'000'000'000;        // two surveys this far apart must agree (design.md section 8)
    std::int64_t settle_deadline_ns = 600'000'000'000;  // a host that has not come to rest by then is told
};

}  // namespace passbench
