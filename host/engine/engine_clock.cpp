#include "host/engine/engine_clock.hpp"

#include <chrono>
#include <thread>

#include "harness/core/clock.hpp"

namespace passbench {

EngineClock system_clock() {
    return {
        .now_ns = [] { return steady_ns(); },
        .sleep = [](std::int64_t duration_ns) { std::this_thread::sleep_for(std::chrono::nanoseconds(duration_ns)); }};
}

}  // namespace passbench
