// The numbers of one trial, from its samples: one column of one trial is in memory at a time. Internal to this room.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/samples.hpp"

namespace passbench {

struct ColumnTotals {
    double median_per_operation = 0;  // R7.1
    double median_per_iteration = 0;
    double total = 0;
};

struct TrialValues {
    double operations = 0;
    bool simulated = false;
    std::map<std::string, ColumnTotals, std::less<>> columns;  // those that the chunks have
};

/// Reads the given columns of a trial's chunks. Error `bad_record` where a chunk does not fit its checksum.
[[nodiscard]] Result<TrialValues> read_trial(const SampleReader& samples, const std::vector<const Chunk*>& chunks,
                                             const std::set<std::string_view>& columns);

/// Hands every iteration's value per operation of one column to `take`.
[[nodiscard]] Result<void> each_value_per_operation(const SampleReader& samples,
                                                    const std::vector<const Chunk*>& chunks, std::string_view column,
                                                    const std::function<void(double)>& take);

}  // namespace passbench
