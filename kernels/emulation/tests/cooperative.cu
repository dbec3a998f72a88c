// Cooperative groups: a grid whose blocks wait for each other, tiles of a warp, and what can be done wrong with them.
#include <cooperative_groups.h>

#include "kernels/cuda/kernel.cuh"

namespace groups = cooperative_groups;

namespace {
/// Known to the first thread of the block.
__device__ unsigned block_sum(unsigned value) {
    __shared__ unsigned of_tiles[32];
    const groups::thread_block block = groups::this_thread_block();
    const auto tile = groups::tiled_partition<32>(block);
    for (unsigned delta = tile.size() / 2; delta > 0; delta /= 2) value += tile.shfl_down(value, delta);
    if (tile.thread_rank() == 0) of_tiles[tile.meta_group_rank()] = value;
    block.sync();
    if (block.thread_rank() > 0) return 0;
    value = 0;
    for (unsigned i = 0; i < tile.meta_group_size(); ++i) value += of_tiles[i];
    return value;
}
}  // namespace

// Each round a block publishes the sum of its threads' values, and every thread adds all blocks' sums to its own value:
// a block that runs ahead, or lags behind, adds sums of another round.
PASSBENCH_KERNEL(cooperative_rounds, (unsigned* values, unsigned* sums, int rounds)) {
    const groups::grid_group grid = groups::this_grid();
    unsigned& value = values[grid.thread_rank()];
    for (int round = 0; round < rounds; ++round) {
        const unsigned sum = block_sum(value);
        if (groups::this_thread_block().thread_rank() == 0) sums[blockIdx.x] = sum;
        grid.sync();
        for (unsigned i = 0; i < gridDim.x; ++i) value += sums[i];
        groups::sync(grid);
    }
}

// What each thread is told about itself, eight words; blocks and grids of several dimensions.
PASSBENCH_KERNEL(group_ranks, (unsigned* out)) {
    const groups::grid_group grid = groups::this_grid();
    const groups::thread_block block = groups::this_thread_block();
    unsigned* const own = out + grid.thread_rank() * 8;
    own[0] = static_cast<unsigned>(grid.size());
    own[1] = static_cast<unsigned>(grid.block_rank());
    own[2] = block.thread_rank();
    own[3] = block.size();
    own[4] = block.group_index().x * 100 + block.group_index().y * 10 + block.group_index().z;
    own[5] = block.thread_index().x * 100 + block.thread_index().y * 10 + block.thread_index().z;
    own[6] = grid.is_valid() ? 1 : 0;
    own[7] = grid.group_dim().x * 100 + grid.group_dim().y * 10 + block.group_dim().z;
}

// Tiles of 8 that take different ways, nine words a thread.
PASSBENCH_KERNEL(tiles_of_eight, (unsigned* out)) {
    const auto warp = groups::tiled_partition<32>(groups::this_thread_block());
    const auto tile = groups::tiled_partition<8>(warp);
    const unsigned thread = threadIdx.x;
    unsigned* const own = out + thread * 9;
    own[0] = tile.thread_rank();
    own[1] = tile.meta_group_rank() * 10 + tile.meta_group_size();
    if (tile.meta_group_rank() % 2 == 0) {
        own[2] = tile.shfl(thread, 3);
    } else {
        own[2] = tile.shfl(thread, 5);
    }
    own[3] = tile.shfl_down(thread, 2);
    own[4] = tile.shfl_up(thread, 2);
    own[5] = tile.shfl_xor(thread, 1);
    own[6] = tile.ballot(thread % 3 == 0);
    own[7] = static_cast<unsigned>(tile.any(thread == 9) * 10 + tile.all(thread < 16));
    tile.sync();
    own[8] = out[(thread ^ 1U) * 9];
}

// Mistakes.
PASSBENCH_KERNEL(block_leaves_the_grid, (unsigned leaver)) {
    if (blockIdx.x == leaver) return;
    groups::this_grid().sync();
}

PASSBENCH_KERNEL(thread_leaves_the_grid, ()) {
    if (blockIdx.x == 1 && threadIdx.x == 7) return;
    groups::this_grid().sync();
}

PASSBENCH_KERNEL(block_fails_beside_the_grid, ()) {
    if (blockIdx.x == 2 && threadIdx.x == 1) __trap();
    groups::this_grid().sync();
}

PASSBENCH_KERNEL(grid_and_block_on_one_line, ()) {
    threadIdx.x < 4 ? groups::this_grid().sync() : groups::this_thread_block().sync();
}
