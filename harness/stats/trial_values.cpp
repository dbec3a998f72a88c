#include "harness/stats/trial_values.hpp"

#include <algorithm>

#include "harness/stats/order_statistic.hpp"

namespace passbench {
namespace {

bool have_one_batch_size(const std::vector<const Chunk*>& chunks) {
    return std::all_of(chunks.begin(), chunks.end(),
                       [&](const Chunk* chunk) { return chunk->ops == chunks.front()->ops; });
}

Result<ColumnTotals> read_column(const SampleReader& samples, const std::vector<const Chunk*>& chunks,
                                 const std::string& column) {
    std::vector<double> per_iteration;
    ColumnTotals totals;
    for (const Chunk* chunk : chunks) {
        PASSBENCH_TRY(const std::vector<std::int64_t> values, samples.column(*chunk, column));
        for (const std::int64_t value : values) {
            per_iteration.push_back(static_cast<double>(value));
            totals.total += static_cast<double>(value);
        }
    }
    PASSBENCH_TRY(totals.median_per_iteration, median(std::move(per_iteration)));
    if (have_one_batch_size(chunks)) {
        totals.median_per_operation = totals.median_per_iteration / static_cast<double>(chunks.front()->ops);
        return totals;
    }
    std::vector<double> per_operation;
    PASSBENCH_CHECK(
        each_value_per_operation(samples, chunks, column, [&](double value) { per_operation.push_back(value); }));
    PASSBENCH_TRY(totals.median_per_operation, median(std::move(per_operation)));
    return totals;
}

bool all_have(const std::vector<const Chunk*>& chunks, const std::string& column) {
    for (const Chunk* chunk : chunks) {
        if (!chunk->columns.contains(column) || chunk->n == 0) return false;
    }
    return !chunks.empty();
}

}  // namespace

Result<TrialValues> read_trial(const SampleReader& samples, const std::vector<const Chunk*>& chunks,
                               const std::set<std::string_view>& columns) {
    TrialValues trial;
    for (const Chunk* chunk : chunks) {
        trial.operations += static_cast<double>(chunk->ops) * static_cast<double>(chunk->n);
        trial.simulated = trial.simulated || chunk->simulated;
    }
    for (const std::string_view name : columns) {
        const std::string column(name);
        if (!all_have(chunks, column)) continue;
        PASSBENCH_TRY(trial.columns[column], read_column(samples, chunks, column));
    }
    return trial;
}

Result<void> each_value_per_operation(const SampleReader& samples, const std::vector<const Chunk*>& chunks,
                                      std::string_view column, const std::function<void(double)>& take) {
    for (const Chunk* chunk : chunks) {
        PASSBENCH_TRY(const std::vector<std::int64_t> values, samples.column(*chunk, column));
        for (const std::int64_t value : values) take(static_cast<double>(value) / static_cast<double>(chunk->ops));
    }
    return {};
}

}  // namespace passbench
