// Finds what belongs to a planned trial: its measured chunks and how it ended, in the attempt that counts. Internal to this
// room; refers to the records it was made from.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/stats/analyze.hpp"

namespace passbench {

struct TrialRecords {
    std::vector<const Chunk*> chunks;  // phase measure, by first iteration
    const Event* outcome = nullptr;    // trial_ended, trial_failed or trial_skipped
};

class TrialIndex {
public:
    explicit TrialIndex(const Measured& measured);

    /// Of the counting attempt; empty where nothing is recorded.
    [[nodiscard]] TrialRecords find(std::string_view case_name, std::string_view arm, int block, int trial) const;
    /// Whether any trial of the case was begun in the block, in any arm and attempt.
    [[nodiscard]] bool begun(std::string_view case_name, int block) const;

private:
    using Key = std::tuple<std::string_view, std::string_view, int, int>;

    std::map<Key, TrialRecords> trials_;
    std::set<std::pair<std::string_view, int>> begun_;
};

/// Why a trial gives no value: the word and text of Stats::missing, from how it ended.
struct TrialFault {
    std::string word;  // skipped, invalid, error
    std::string text;
};
/// Nothing where the trial counts (R1.2: verified; R1.3: no invariant broken).
[[nodiscard]] std::optional<TrialFault> fault_of(const TrialRecords& records);

}  // namespace passbench
