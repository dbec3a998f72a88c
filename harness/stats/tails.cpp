#include "harness/stats/tails.hpp"

#include <algorithm>
#include <map>

#include "harness/stats/order_statistic.hpp"
#include "harness/stats/select_ranks.hpp"

namespace passbench {

Result<std::vector<BlockValue>> tails_of(const Plan& plan, const SampleReader& samples, const ArmSeries& series) {
    std::vector<BlockValue> tails;
    const auto wall = series.blocks.find("wall");
    const bool has_load = std::ranges::any_of(plan.cases, [](const PlannedCase& one) { return one.load.has_value(); });
    if (!has_load || wall == series.blocks.end()) return tails;
    std::map<int, std::vector<const Chunk*>> chunks_of;
    for (const auto& trial : series.trials) {
        for (const Chunk* chunk : trial) chunks_of[chunk->block].push_back(chunk);
    }
    for (const BlockValue& median : wall->second) {
        const std::vector<const Chunk*>& chunks = chunks_of[median.block];
        std::int64_t count = 0;
        for (const Chunk* chunk : chunks) count += chunk->n;
        if (count < least_tail_iterations) continue;
        PASSBENCH_TRY(const std::vector<double> values,
                      select_ranks({nearest_rank(static_cast<std::size_t>(count), 0.99)},
                                   [&](const std::function<void(double)>& take) {
                                       return each_value_per_operation(samples, chunks, "wall_ns", take);
                                   }));
        BlockValue tail = median;
        tail.metric = tail_metric;
        tail.value = values.front();
        tails.push_back(std::move(tail));
    }
    return tails;
}

}  // namespace passbench
