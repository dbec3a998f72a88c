// The order in which a run measures: randomised complete blocks (R6.1), the seed and the realised order in the plan (R6.2).
#pragma once

#include <cstdint>
#include <vector>

#include "harness/records/plan.hpp"

namespace passbench {

struct OrderRequest {
    int arms = 1;
    int cases = 1;
    int trials = 1;
    int blocks = 1;
    std::uint64_t seed = 1;
};

/// Every block holds every arm once and every (case, trial) once, the latter in one random order for all arms. Over each
/// group of as many blocks as there are arms, every arm stands in every position once: AB|BA with two. The order of a block
/// does not depend on how many blocks follow it.
[[nodiscard]] std::vector<BlockPlan> randomised_blocks(const OrderRequest& request);

}  // namespace passbench
