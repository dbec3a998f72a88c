// The loop that every CPU value comes from: two reads of the clock around each iteration, the difference stored in a column that
// was allocated and touched before. Nothing else may be added to it; passbench-agent-overhead shows what it costs.
#pragma once

#include <cstdint>
#include <span>

#include "harness/core/clock.hpp"

namespace passbench {

/// The guest's steady clock (R2.4).
struct SteadyClock {
    [[nodiscard]] static std::int64_t now() { return steady_ns(); }
};

/// Fills `wall_ns`: one call of `body` a value.
template <typename Clock, typename Body>
void measure_into(std::span<std::int64_t> wall_ns, Body&& body) {
    for (std::int64_t& value : wall_ns) {
        const std::int64_t begin = Clock::now();
        body();
        value = Clock::now() - begin;
    }
}

/// Fills `wall_ns`: `batch` calls of `body` a value, for bodies too short for the clock (R2.4).
template <typename Clock, typename Body>
void measure_batches_into(std::span<std::int64_t> wall_ns, std::int64_t batch, Body&& body) {
    for (std::int64_t& value : wall_ns) {
        const std::int64_t begin = Clock::now();
        for (std::int64_t call = 0; call < batch; ++call) body();
        value = Clock::now() - begin;
    }
}

}  // namespace passbench
