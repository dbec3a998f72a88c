// Where the blocks of a cooperative launch wait for each other, each on a thread of the machine of its own. A block that
// ends makes the barrier impossible for all others, and they are told so instead of waiting for ever.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace passbench::emulation {

class GridBarrier {
public:
    enum class Outcome : std::uint8_t { met, block_ended, block_failed };
    struct Meeting {
        Outcome outcome;
        std::int64_t latest_ns;   // virtual, of the block that came last; if they met
        std::uint64_t block = 0;  // that has ended without coming; the first of them
    };

    explicit GridBarrier(std::uint64_t blocks) : blocks_(blocks) {}

    /// A whole block has come, at `now_ns` of virtual time; returns when all have, or when one never will.
    [[nodiscard]] Meeting wait(std::int64_t now_ns);
    /// `block` has ended, with a failure or without.
    void leave(std::uint64_t block, bool failed);

private:
    [[nodiscard]] bool impossible() const { return ended_ > 0 || failed_ > 0; }

    const std::uint64_t blocks_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t arrived_ = 0;
    std::uint64_t meetings_ = 0;
    std::uint64_t ended_ = 0;  // blocks
    std::uint64_t failed_ = 0;
    std::uint64_t first_ended_ = 0;
    std::int64_t arriving_ns_ = 0;  // of those who wait
    std::int64_t latest_ns_ = 0;    // of the last meeting
};

}  // namespace passbench::emulation
