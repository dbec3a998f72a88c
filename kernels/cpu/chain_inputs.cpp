#include "kernels/cpu/chain_inputs.hpp"

#include <bit>
#include <cassert>
#include <cstring>

#include "harness/core/random.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

ChainInputs::ChainInputs(std::uint64_t seed, std::uint64_t nodes)
    : key_(derive_seed(seed, "chain")),
      nodes_(nodes),
      half_bits_((static_cast<unsigned>(std::bit_width(nodes - 1)) + 1) / 2) {
    assert(nodes >= 2);
}

/// A permutation of the indexes that needs no table: a Feistel network (Luby and Rackoff 1988), walked on until it is inside of
/// the range again (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
std::uint64_t ChainInputs::shuffled(std::uint64_t index) const {
    constexpr std::uint64_t rounds = 4;
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    do {
        std::uint64_t left = index >> half_bits_;
        std::uint64_t right = index & mask;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            const std::uint64_t mixed = left ^ (pattern_word(key_ + round, right) & mask);
            left = right;
            right = mixed;
        }
        index = left << half_bits_ | right;
    } while (index >= nodes_);
    return index;
}

std::size_t ChainInputs::offset_after(std::uint64_t hops) const {
    return static_cast<std::size_t>(shuffled(hops % nodes_)) * chain_node_bytes;
}

void ChainInputs::fill(std::span<std::byte> memory, std::uint64_t address, const Share& hops) const {
    std::size_t here = offset_after(hops.begin);
    for (std::size_t hop = hops.begin; hop < hops.end; ++hop) {
        const std::size_t next = offset_after(hop + 1);
        const std::uint64_t pointer = address + next;
        std::memcpy(memory.data() + here, &pointer, sizeof(pointer));
        here = next;
    }
}

}  // namespace passbench
