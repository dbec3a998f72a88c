// From samples to estimates: trial values, block values (R7.1, R7.3), intervals (R7.2), comparisons between arms (R9.1), lines.
// Pure: reads what was measured, changes nothing.
#pragma once

#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/events.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/run_directory.hpp"
#include "harness/records/samples.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

/// What was measured, as the stage reads it.
struct Measured {
    const Plan& plan;
    const SampleReader& samples;
    const std::vector<Event>& events;
    const CountingAttempts& attempts;
    int look = 1;  // from 1; blocks of later looks are not used
};

/// Error `bad_record` where a chunk does not fit its checksum. A trial without samples becomes Stats::missing, never a number.
[[nodiscard]] Result<Stats> analyze(const Measured& measured);

}  // namespace passbench
