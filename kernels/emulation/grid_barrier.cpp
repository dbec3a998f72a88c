#include "kernels/emulation/grid_barrier.hpp"

#include <algorithm>
#include <utility>

namespace passbench::emulation {

GridBarrier::Meeting GridBarrier::wait(std::int64_t now_ns) {
    std::unique_lock lock(mutex_);
    const std::uint64_t meeting = meetings_;
    arriving_ns_ = std::max(arriving_ns_, now_ns);
    if (++arrived_ == blocks_) {
        arrived_ = 0;
        latest_ns_ = std::exchange(arriving_ns_, 0);
        ++meetings_;
        changed_.notify_all();
    } else {
        changed_.wait(lock, [&] { return meetings_ != meeting || impossible(); });
    }
    // Others may have ended since all met; nobody can have met again without this block.
    if (meetings_ != meeting) return {.outcome = Outcome::met, .latest_ns = latest_ns_};
    if (ended_ > 0) return {.outcome = Outcome::block_ended, .latest_ns = 0, .block = first_ended_};
    return {.outcome = Outcome::block_failed, .latest_ns = 0};
}

void GridBarrier::leave(std::uint64_t block, bool failed) {
    {
        const std::lock_guard lock(mutex_);
        if (failed) {
            ++failed_;
        } else if (ended_++ == 0) {
            first_ended_ = block;
        }
    }
    changed_.notify_all();
}

}  // namespace passbench::emulation
