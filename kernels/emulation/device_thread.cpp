#include "kernels/emulation/device_thread.hpp"

#include <atomic>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "kernels/emulation/block_runner.hpp"
#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

__thread RunningBlock* running_block = nullptr;

std::string CallSite::text() const {
    const char* slash = std::strrchr(file, '/');
    return std::string(slash != nullptr ? slash + 1 : file) + ":" + std::to_string(line);
}

std::uint64_t block_barrier(bool predicate, const CallSite& site) {
    return BlockRunner::block_barrier(predicate, site);
}

bool cooperative_launch() { return current_runner->cooperative(); }

void grid_barrier(const CallSite& site) {
    if (!cooperative_launch()) device_trap("grid sync in a launch that is not cooperative", site);
    BlockRunner::grid_barrier(site);
}

std::uint64_t warp_exchange(WarpOperation operation, unsigned mask, std::uint64_t value, unsigned source,
                            const CallSite& site) {
    return current_runner->exchange(
        {.operation = operation, .mask = mask, .value = value, .source = source, .collective = nullptr}, site);
}

void warp_collective(const WarpCollective& collective, void* own, const CallSite& site) {
    current_runner->exchange({.operation = WarpOperation::collective,
                              .mask = ~0U,
                              .value = reinterpret_cast<std::uintptr_t>(own),
                              .source = 0,
                              .collective = &collective},
                             site);
}

std::int64_t device_global_timer_ns() {
    current_thread().elapsed_ns += cost_model.timer_read_ns;
    return cost_model.timer_ahead_ns + running_block->place->begin_ns + current_thread().elapsed_ns;
}

std::int64_t device_clock() {
    return static_cast<std::int64_t>(static_cast<double>(device_global_timer_ns()) * cost_model.sm_clock_ghz *
                                     driver().faults.clock_factor());
}

unsigned sm_id() { return static_cast<unsigned>(running_block->place->linear % cost_model.multiprocessors); }

void device_sleep(std::int64_t ns) { current_runner->sleep(ns); }

void device_fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

void device_trap(const char* words, const CallSite& site) {
    std::string text = std::string(words) + " at " + site.text();
    current_runner->fail(std::move(text));
}

}  // namespace passbench::emulation
