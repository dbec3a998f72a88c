// The chain that chases follow: one round through every node, in an order that the seed decides.
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/chain_inputs.hpp"

namespace passbench {
namespace {

/// Filled in two shares, as two workers do.
std::vector<std::byte> memory_of(const ChainInputs& chain, std::uint64_t address) {
    std::vector<std::byte> memory(chain.nodes() * chain_node_bytes);
    for (const int worker : {0, 1}) chain.fill(memory, address, share_of(chain.nodes(), worker, 2));
    return memory;
}

TEST(Chain, GoesThroughEveryNodeOnceAndClosesWhateverTheirNumber) {
    constexpr std::uint64_t address = 1 << 20;
    for (const std::uint64_t nodes : {2U, 3U, 4U, 5U, 31U, 32U, 33U, 1000U, 4097U}) {
        const ChainInputs chain(1, nodes);
        const std::vector<std::byte> memory = memory_of(chain, address);
        std::set<std::uint64_t> seen;
        const std::uint64_t begin = address + chain.offset_after(0);
        std::uint64_t at = begin;
        for (std::uint64_t hop = 0; hop < nodes; ++hop) {
            ASSERT_EQ(at, address + chain.offset_after(hop)) << nodes << " nodes, hop " << hop;
            ASSERT_LT(at - address, memory.size());
            ASSERT_EQ((at - address) % chain_node_bytes, 0U);
            EXPECT_TRUE(seen.insert(at).second);
            std::memcpy(&at, memory.data() + (at - address), sizeof(at));
        }
        EXPECT_EQ(at, begin);
        EXPECT_EQ(seen.size(), nodes);
    }
}

TEST(Chain, StandsWhereItStoodAfterWholeRounds) {
    const ChainInputs chain(7, 1000);
    for (const std::uint64_t hops : {0U, 1U, 999U}) {
        EXPECT_EQ(chain.offset_after(hops), chain.offset_after(hops + 1000));
        EXPECT_EQ(chain.offset_after(hops), chain.offset_after(hops + 123'000));
    }
    EXPECT_EQ(chain.never_whole_rounds(4000), 4001U);
    EXPECT_EQ(chain.never_whole_rounds(4096), 4096U);
}

TEST(Chain, AnotherSeedIsAnotherOrder) {
    const ChainInputs one(1, 4096);
    const ChainInputs other(2, 4096);
    int same = 0;
    for (std::uint64_t hop = 0; hop < 4096; ++hop) same += one.offset_after(hop) == other.offset_after(hop) ? 1 : 0;
    EXPECT_LT(same, 10);  // one is expected
}

TEST(Chain, HasNoStrideThatAPrefetcherCouldLearn) {
    const ChainInputs chain(3, 1 << 16);
    std::map<std::int64_t, int> strides;
    int near = 0;
    for (std::uint64_t hop = 0; hop < 1 << 16; ++hop) {
        const auto stride =
            static_cast<std::int64_t>(chain.offset_after(hop + 1)) - static_cast<std::int64_t>(chain.offset_after(hop));
        ++strides[stride];
        near += stride < 4096 && stride > -4096 ? 1 : 0;
    }
    int most = 0;
    for (const auto& [stride, count] : strides) most = std::max(most, count);
    EXPECT_LT(most, 12);   // 2^16 hops over 2^17 strides
    EXPECT_LT(near, 150);  // of 65,536: 64 are expected within a page
}

}  // namespace
}  // namespace passbench
