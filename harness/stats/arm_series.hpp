// One case in one arm over its blocks: the block values of every metric (R7.1, R7.3), each trial's share of its own limit,
// and what the trials said about how far they can be trusted. Internal to this room.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/workload.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"
#include "harness/stats/trial_index.hpp"
#include "harness/stats/trial_values.hpp"

namespace passbench {

/// What bounds a metric, from the trials' facts; values are block means, in the order of the blocks.
struct LimitSeries {
    std::string metric;
    LimitKind kind = LimitKind::none;
    std::string formula = {};
    std::vector<double> limits = {};
    std::vector<double> shares = {};  // value / limit of each trial, averaged over the block
};

struct TrustCounts {
    int trials = 0;
    int unsteady = 0;  // R3.2
    int coarse = 0;    // R2.4: the timer
    int stolen = 0;    // R13.6: more than a tenth of the CPU time taken by the hypervisor
    double worst_steal = 0;
    double timer_resolution_ns = 0;
    int held_back = 0;  // R13.4: the card slowed itself down
    int stale = 0;      // NVML did not follow the card
    int slow_link = 0;
    std::string held_back_by;     // of the first
    std::string slow_link_words;  // of the first
    bool simulated = false;
    std::string injected;  // what was planted
    std::set<std::string> ran_on;
    std::vector<int> redone_blocks;  // interrupted, then measured again
};

struct ArmSeries {
    std::string case_name;
    std::string arm;
    std::map<std::string, std::vector<BlockValue>, std::less<>> blocks;         // by metric, ascending
    std::map<std::string, std::vector<double>, std::less<>> median_iterations;  // by column: block means
    std::vector<std::vector<const Chunk*>> trials;                              // the chunks of those that count
    std::vector<const Event*> outcomes;                                         // how they ended, parallel to trials
    std::optional<LimitSeries> limit;
    TrustCounts trust;
    std::vector<Missing> missing;
    std::optional<MemoryTest> memory;  // where the trials are of a memory test
};

/// The trials of a case in the blocks that this look has. Error `bad_record` where a chunk does not fit its checksum.
[[nodiscard]] Result<ArmSeries> measure_series(const Measured& measured, const TrialIndex& index,
                                               const PlannedCase& planned, const Workload& workload,
                                               const std::string& arm);

/// How many blocks the looks up to `look` have; at most those of the plan.
[[nodiscard]] int blocks_at(const Plan& plan, int look);

}  // namespace passbench
