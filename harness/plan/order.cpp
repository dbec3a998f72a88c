#include "harness/plan/order.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "harness/core/random.hpp"

namespace passbench {

namespace {

std::vector<int> shuffled_range(int count, Random& random) {
    std::vector<int> values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0);
    random.shuffle(values);
    return values;
}

/// A random Latin square: a random order of arms, turned by a different number of places in each block of the group.
std::vector<std::vector<int>> arm_orders_of_group(int arms, std::uint64_t seed) {
    Random random(seed);
    const std::vector<int> order = shuffled_range(arms, random);
    std::vector<std::vector<int>> orders;
    for (const int turn : shuffled_range(arms, random)) {
        std::vector<int> turned = order;
        std::rotate(turned.begin(), turned.begin() + turn, turned.end());
        orders.push_back(std::move(turned));
    }
    return orders;
}

std::vector<Slot> shuffled_slots(const OrderRequest& request, int block) {
    std::vector<Slot> slots;
    slots.reserve(static_cast<std::size_t>(request.cases) * static_cast<std::size_t>(request.trials));
    for (int index = 0; index < request.cases; ++index) {
        for (int trial = 0; trial < request.trials; ++trial) slots.push_back({.case_index = index, .trial = trial});
    }
    Random random(derive_seed(request.seed, "order of trials, block " + std::to_string(block)));
    random.shuffle(slots);
    return slots;
}

}  // namespace

std::vector<BlockPlan> randomised_blocks(const OrderRequest& request) {
    std::vector<BlockPlan> blocks;
    std::vector<std::vector<int>> orders;
    for (int block = 0; block < request.blocks; ++block) {
        const int position = block % request.arms;
        if (position == 0) {
            const std::string purpose = "order of arms, group " + std::to_string(block / request.arms);
            orders = arm_orders_of_group(request.arms, derive_seed(request.seed, purpose));
        }
        blocks.push_back({.arms = orders[static_cast<std::size_t>(position)], .slots = shuffled_slots(request, block)});
    }
    return blocks;
}

}  // namespace passbench
