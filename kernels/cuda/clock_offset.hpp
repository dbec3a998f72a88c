// How far one clock is ahead of another, from questions and answers. The sender notes its time before the question and after the
// answer, the other side its own in between: whatever the ways took, its clock is ahead by no less than (its time - after) and no
// more than (its time - before). All questions of one exchange together leave a narrow range, whose half is the error bound; no
// assumption is made about how the way divides into there and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace passbench {

/// One question. The other clock shows a time for a whole tick: it was read in [other_ns, other_ns + tick).
struct ClockQuestion {
    std::int64_t asked_ns;
    std::int64_t other_ns;
    std::int64_t answered_ns;
};

/// The other clock shows `ahead_ns` more than ours, give or take `error_ns`, about our `at_ns`.
struct ClockOffset {
    std::int64_t at_ns;
    std::int64_t ahead_ns;
    std::int64_t error_ns;
};

/// Nothing where the answers contradict each other: a clock was set meanwhile. `questions` are not empty, in their order.
[[nodiscard]] std::optional<ClockOffset> clock_offset(std::span<const ClockQuestion> questions, std::int64_t tick_ns);

/// How far the other clock is ahead when it shows `other_ns`, from one exchange before and one after: two clocks drift apart
/// evenly over so short a time.
[[nodiscard]] std::int64_t ahead_at(const ClockOffset& before, const ClockOffset& after, std::int64_t other_ns);

}  // namespace passbench
