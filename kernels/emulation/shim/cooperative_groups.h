// Cooperative groups for kernels that g++ compiles; found before the toolkit's <cooperative_groups.h>, whose place it takes:
// the grid, the block and tiles of a warp, with the functions that most kernels use. What is not here does not compile.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector_types.h>

#include "kernels/emulation/device_thread.hpp"
#include "kernels/emulation/shim/synchronisation.cuh"

namespace cooperative_groups {

class grid_group {
public:
    /// Whether the launch was cooperative; if not, sync ends it.
    [[nodiscard]] bool is_valid() const { return passbench::emulation::cooperative_launch(); }
    void sync(passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        passbench::emulation::grid_barrier(site);
    }

    [[nodiscard]] static dim3 group_dim() { return passbench::emulation::grid_dim(); }  // in blocks
    [[nodiscard]] static dim3 block_index() { return as_dim(passbench::emulation::block_index()); }
    [[nodiscard]] static unsigned long long block_rank() { return passbench::emulation::running_block->place->linear; }
    [[nodiscard]] static unsigned long long num_blocks() { return product(group_dim()); }
    [[nodiscard]] static unsigned long long thread_rank() {
        return block_rank() * product(passbench::emulation::block_dim()) +
               passbench::emulation::current_thread().linear;
    }
    [[nodiscard]] static unsigned long long num_threads() {
        return num_blocks() * product(passbench::emulation::block_dim());
    }
    [[nodiscard]] static unsigned long long size() { return num_threads(); }

private:
    static dim3 as_dim(const uint3& index) { return {index.x, index.y, index.z}; }
    static unsigned long long product(const dim3& dim) {
        return static_cast<unsigned long long>(dim.x) * dim.y * dim.z;
    }
};

class thread_block {
public:
    static void sync(passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
        passbench::emulation::block_barrier(true, site);
    }
    [[nodiscard]] static unsigned thread_rank() { return passbench::emulation::current_thread().linear; }
    [[nodiscard]] static unsigned num_threads() {
        const dim3& dim = passbench::emulation::block_dim();
        return dim.x * dim.y * dim.z;
    }
    [[nodiscard]] static unsigned size() { return num_threads(); }
    [[nodiscard]] static dim3 group_dim() { return passbench::emulation::block_dim(); }
    [[nodiscard]] static dim3 group_index() {
        const uint3& index = passbench::emulation::block_index();
        return {index.x, index.y, index.z};
    }
    [[nodiscard]] static dim3 thread_index() {
        const uint3& index = passbench::emulation::thread_index();
        return {index.x, index.y, index.z};
    }
};

/// `tile_size` neighbouring lanes of a warp; ranks, and the bits of a ballot, count from the tile's first lane.
template <unsigned tile_size, typename Parent = thread_block>
class thread_block_tile {
    static_assert(tile_size > 0 && tile_size <= 32 && (tile_size & (tile_size - 1)) == 0,
                  "tiles of more than a warp are not emulated, and CUDA has powers of two alone");

public:
    [[nodiscard]] static unsigned thread_rank() { return passbench::emulation::lane_id() % tile_size; }
    [[nodiscard]] static constexpr unsigned num_threads() { return tile_size; }
    [[nodiscard]] static constexpr unsigned size() { return tile_size; }
    [[nodiscard]] static unsigned meta_group_rank() { return Parent::thread_rank() / tile_size; }
    [[nodiscard]] static unsigned meta_group_size() { return (Parent::size() + tile_size - 1) / tile_size; }

    void sync(passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        __syncwarp(mask(), site);
    }
    template <typename T>
    T shfl(T value, unsigned source,
           passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __shfl_sync(mask(), value, static_cast<int>(source), tile_size, site);
    }
    template <typename T>
    T shfl_down(T value, unsigned delta,
                passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __shfl_down_sync(mask(), value, delta, tile_size, site);
    }
    template <typename T>
    T shfl_up(T value, unsigned delta,
              passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __shfl_up_sync(mask(), value, delta, tile_size, site);
    }
    template <typename T>
    T shfl_xor(T value, unsigned lane_mask,
               passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __shfl_xor_sync(mask(), value, static_cast<int>(lane_mask), tile_size, site);
    }
    [[nodiscard]] unsigned ballot(int predicate,
                                  passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __ballot_sync(mask(), predicate, site) >> first_lane();
    }
    [[nodiscard]] int any(int predicate,
                          passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __any_sync(mask(), predicate, site);
    }
    [[nodiscard]] int all(int predicate,
                          passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) const {
        return __all_sync(mask(), predicate, site);
    }

private:
    static unsigned first_lane() { return passbench::emulation::lane_id() / tile_size * tile_size; }
    static unsigned mask() { return (~0U >> (32 - tile_size)) << first_lane(); }
};

inline grid_group this_grid() { return {}; }
inline thread_block this_thread_block() { return {}; }

template <unsigned tile_size>
thread_block_tile<tile_size> tiled_partition(const thread_block& /*block*/) {
    return {};
}
template <unsigned tile_size, unsigned parent_size, typename Grandparent>
thread_block_tile<tile_size, thread_block_tile<parent_size, Grandparent>> tiled_partition(
    const thread_block_tile<parent_size, Grandparent>& /*parent*/) {
    static_assert(tile_size <= parent_size);
    return {};
}

template <typename Group>
void sync(const Group& group, passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    group.sync(site);
}

}  // namespace cooperative_groups
