// A chain of pointers through memory in an order that no prefetcher foresees, the same for every form: one node a 128 bytes (two
// lines, for processors fetch them in pairs), each with the address of the next one, in one round through all of them. Where a
// chase stands after any number of hops follows from the seed alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/core/thread_pool.hpp"

namespace passbench {

inline constexpr std::size_t chain_node_bytes = 128;

class ChainInputs {
public:
    /// Of at least two nodes.
    ChainInputs(std::uint64_t seed, std::uint64_t nodes);

    [[nodiscard]] std::uint64_t nodes() const { return nodes_; }
    /// Where in the memory the chase stands after so many hops from its begin: the chain closes after nodes() hops.
    [[nodiscard]] std::size_t offset_after(std::uint64_t hops) const;
    /// Writes the nodes of a share of the hops; `address` is where whoever follows the chain sees the memory.
    void fill(std::span<std::byte> memory, std::uint64_t address, const Share& hops) const;

    /// `hops` or one more: never a multiple of the round, after which a chase that was not done would stand where it shall.
    [[nodiscard]] std::uint64_t never_whole_rounds(std::uint64_t hops) const {
        return hops % nodes_ == 0 ? hops + 1 : hops;
    }

private:
    [[nodiscard]] std::uint64_t shuffled(std::uint64_t index) const;

    std::uint64_t key_;
    std::uint64_t nodes_;
    unsigned half_bits_;  // an index has at most two halves of so many bits
};

}  // namespace passbench
