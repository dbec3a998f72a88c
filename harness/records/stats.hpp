// stats.json: block values and estimates with intervals. Derived from the samples; may be made again at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/workload.hpp"
#include "harness/core/result.hpp"
#include "harness/records/fits.hpp"
#include "harness/records/host_times.hpp"
#include "harness/records/speed_ups.hpp"
#include "harness/records/wall_parts.hpp"

namespace passbench {

/// A reason to read a value with care: underpowered, unsteady, interrupted, below_peak, timer ...
struct Flag {
    std::string code;
    std::string text;
};

/// The value of one metric of a case in one block and arm: the mean of the trial medians (R7.1), or total work / total time for
/// a rate (R7.3).
struct BlockValue {
    std::string case_name;
    std::string metric;
    std::string arm;
    int block = 0;
    int attempt = 0;
    int trials = 0;
    double value = 0;
};

struct EstimateLimit {
    double value;
    LimitKind kind;
    std::string formula;
};

/// What is said of a metric of a case: in one arm (reference absent; value in the metric's unit), or of an arm against the
/// reference (value is the relative change, positive = worse).
struct Estimate {
    std::string case_name;
    std::string metric;
    std::string unit;
    Direction direction = Direction::lower;
    MetricKind kind = MetricKind::time;
    std::string arm;
    std::optional<std::string> reference;
    int blocks = 0;
    std::optional<double> value;  // absent with `why`
    std::optional<double> lo;
    std::optional<double> hi;
    double confidence = 0;  // exact coverage of the interval; 0 where there is none
    std::string method;     // order_statistic, hodges_lehmann_paired, hodges_lehmann_unpaired
    std::optional<EstimateLimit> limit;
    std::optional<double> of_limit;  // value / limit, a fraction
    std::optional<double> mde;       // minimal detectable effect, for comparisons (R11.1)
    std::string why;                 // why a number is absent
    std::vector<Flag> flags;
    std::string ran_on;  // as the trials said: "2 threads, avx512"; "" for comparisons
};

/// Trials that gave no value, and why; `word` is skipped, invalid or error.
struct Missing {
    std::string case_name;
    std::string arm;
    int block = 0;
    int trial = 0;
    std::string word;
    std::string text;
};

struct Quantile {
    std::string case_name;
    std::string arm;
    std::string metric;
    double p;
    double value;
    std::int64_t n;
};

/// What the trials of a memory test came to: the errors of all of them, the rest of the one that covered least.
struct MemoryTest {
    std::string case_name = {};
    std::string arm = {};
    int trials = 0;
    std::int64_t errors = 0;
    std::string first_error = {};
    std::int64_t tested_bytes = 0;
    std::optional<std::int64_t> total_bytes = std::nullopt;  // that the card has; absent for a CPU
    std::optional<double> coverage = std::nullopt;           // tested and proved to be on the card / total
    std::string why = {};                                    // it is not more
};

struct Stats {
    int look = 0;  // the look after which this was made, from 1
    int looks = 1;
    double confidence = 0.95;  // asked of intervals that are shown
    bool simulated = false;
    std::vector<BlockValue> blocks;
    std::vector<Quantile> quantiles;
    std::vector<Estimate> estimates;
    std::vector<Fit> fits;
    std::vector<SpeedUp> speed_ups;
    std::vector<WallParts> parts;
    std::vector<Missing> missing;
    std::vector<MemoryTest> memory;
    /// By arm: preparing, in its order, then giving back; nothing for arms whose host stays as it is.
    std::vector<HostTime> host_times;
};

[[nodiscard]] std::string to_json(const Stats& stats);
[[nodiscard]] Result<Stats> stats_from_json(std::string_view text);

}  // namespace passbench
