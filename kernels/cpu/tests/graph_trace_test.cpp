// What a trace of a graph must look like: every way to be wrong is seen.
#include "kernels/cpu/graph_trace.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <gtest/gtest.h>

namespace passbench {
namespace {

/// As if so many launches had run all nodes in their order.
GraphTrace run(GraphShape shape, std::uint32_t nodes, std::uint64_t launches = 1) {
    GraphTrace trace(shape, nodes);
    *trace.nodes_run() = launches * nodes;
    std::iota(trace.order(), trace.order() + nodes, 0U);
    return trace;
}

TEST(GraphTrace, OfTheRightOrderIsAcceptedForEverySizeAndShape) {
    for (const GraphShape shape : {GraphShape::chain, GraphShape::fan}) {
        for (const std::uint32_t nodes : {1U, 2U, 3U, 4U, 1024U}) EXPECT_TRUE(run(shape, nodes, 3).check(3)) << nodes;
    }
}

TEST(GraphTrace, OfAFanMayHaveTheNodesBetweenInAnyOrder) {
    GraphTrace trace = run(GraphShape::fan, 6);
    std::reverse(trace.order() + 1, trace.order() + 5);
    EXPECT_TRUE(trace.check(1));
}

TEST(GraphTrace, OfAChainHasOneOrderAlone) {
    GraphTrace trace = run(GraphShape::chain, 6);
    std::swap(trace.order()[2], trace.order()[3]);
    const auto checked = trace.check(1);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().what, "graph: node 3 ran before node 2, which it has to wait for");
}

TEST(GraphTrace, AFansFirstAndLastNodesHaveTheirPlaces) {
    GraphTrace first = run(GraphShape::fan, 6);
    std::swap(first.order()[0], first.order()[1]);
    EXPECT_FALSE(first.check(1));
    GraphTrace last = run(GraphShape::fan, 6);
    std::swap(last.order()[4], last.order()[5]);
    EXPECT_FALSE(last.check(1));
}

TEST(GraphTrace, NodesThatRanTwiceOrNotAtAllAreSeen) {
    GraphTrace twice = run(GraphShape::fan, 6);
    twice.order()[2] = twice.order()[3];
    EXPECT_FALSE(twice.check(1));
    GraphTrace never = run(GraphShape::chain, 6);
    *never.nodes_run() -= 1;
    EXPECT_FALSE(never.check(1));
    EXPECT_FALSE(run(GraphShape::chain, 6, 2).check(3));
    GraphTrace spoilt = run(GraphShape::chain, 1);
    spoilt.spoil();
    EXPECT_FALSE(spoilt.check(1));
    EXPECT_TRUE(std::ranges::count(nodes_before(GraphShape::fan, 5, 6), 4U) == 1);
}

}  // namespace
}  // namespace passbench
