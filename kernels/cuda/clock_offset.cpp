#include "kernels/cuda/clock_offset.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace passbench {

std::optional<ClockOffset> clock_offset(std::span<const ClockQuestion> questions, std::int64_t tick_ns) {
    assert(!questions.empty());
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    for (const auto& [asked_ns, other_ns, answered_ns] : questions) {
        least = std::max(least, other_ns - answered_ns);
        most = std::min(most, other_ns + tick_ns - asked_ns);
    }
    if (least > most) return std::nullopt;
    const std::int64_t first_ns = questions.front().asked_ns;
    return ClockOffset{.at_ns = first_ns + (questions.back().answered_ns - first_ns) / 2,
                       .ahead_ns = least + (most - least) / 2,
                       .error_ns = (most - least + 1) / 2};
}

std::int64_t ahead_at(const ClockOffset& before, const ClockOffset& after, std::int64_t other_ns) {
    const std::int64_t between_ns = after.at_ns - before.at_ns;
    if (between_ns <= 0) return before.ahead_ns;
    const auto passed = static_cast<double>(other_ns - before.ahead_ns - before.at_ns);
    const auto drift = static_cast<double>(after.ahead_ns - before.ahead_ns);
    return before.ahead_ns + std::llround(drift * passed / static_cast<double>(between_ns));
}

}  // namespace passbench
