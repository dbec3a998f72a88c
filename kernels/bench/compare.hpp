// Timing several ways of doing the same work side by side: in turns, so that a clock or a neighbour that changes meets all of
// them, and compared round by round.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace passbench {

struct Way {
    std::string name;
    std::function<void()> once;
};

struct TimedWay {
    std::string name;
    std::vector<double> ns;  // one value a round
};

/// Each way once a round, in a random but reproducible order, after one untimed round.
[[nodiscard]] std::vector<TimedWay> time_in_turns(std::span<const Way> ways, int rounds);

[[nodiscard]] double median_ns(const TimedWay& way);
/// The median of slow/fast over the rounds: how many times as fast `fast` is.
[[nodiscard]] double median_speed(const TimedWay& fast, const TimedWay& slow);
/// The median of slow - fast over the rounds.
[[nodiscard]] double median_difference_ns(const TimedWay& fast, const TimedWay& slow);

}  // namespace passbench
