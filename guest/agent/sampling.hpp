// What happens between "ready" and "measured": warm-up (R3.2), the choice of a batch (R2.4), and when to stop (R4.1, R4.2). It
// sees samples alone, never a clock or a workload, so that every rule is tested with made-up times.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

/// Fills `wall_ns`, each value the time of `batch` iterations. An error (a device that is lost) ends the trial.
using TakeSamples = std::function<Result<void>(std::span<std::int64_t> wall_ns, std::int64_t batch)>;

/// Samples of one batch size, in the order in which they were taken.
struct Samples {
    std::int64_t batch = 1;
    std::vector<std::int64_t> wall_ns;
};

/// A sample has to last this many times the clock's resolution (R2.4).
inline constexpr std::int64_t timer_margin = 100;

struct WarmUpRules {
    std::int64_t warmup_ns = 0;
    std::int64_t cap_ns = 0;
    std::int64_t timer_resolution_ns = 1;
    bool may_batch = true;
    // For a virtual clock, which runs through a warm-up in a moment while the CPU has all of its work to do.
    std::size_t most_samples = std::numeric_limits<std::size_t>::max();
};

struct WarmedUp {
    std::vector<Samples> samples;  // everything that was taken (R3.3); a new entry where the batch grew
    std::int64_t batch = 1;        // for the rest of the trial
    std::int64_t spent_ns = 0;
    bool steady = false;  // the medians of the last three windows were within 2 % before the cap (R3.2)
};
[[nodiscard]] Result<WarmedUp> warm_up(const WarmUpRules& rules, const TakeSamples& take);

struct TakenSamples {
    std::vector<std::int64_t> wall_ns;
    std::string_view stopped_by;  // count, precision, samples, time
};
/// A fixed count (R4.1).
[[nodiscard]] Result<TakenSamples> measure_count(int iterations, std::int64_t batch, const TakeSamples& take);
/// Until the median is known to 1 % (R4.2), for exploration.
[[nodiscard]] Result<TakenSamples> measure_to_precision(std::int64_t batch, const TakeSamples& take);

/// The middle value, the lower of two; `values` not empty.
[[nodiscard]] std::int64_t median_of(std::span<const std::int64_t> values);

}  // namespace passbench
