// Graphs: nodes with work and what they come after; a capture, which writes what streams are given into a graph; a graph
// made ready to run. The entry points are in graph.cpp and capture.cpp.
#pragma once

#include <cstdint>
#include <cuda.h>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "kernels/emulation/work.hpp"

namespace passbench::emulation {

class Context;
class Graph;

struct GraphNode {
    std::weak_ptr<Graph> graph;
    CUgraphNodeType type;
    Work work;
    std::vector<std::shared_ptr<GraphNode>> after;
};

using GraphNodes = std::vector<std::shared_ptr<GraphNode>>;

class Graph : public std::enable_shared_from_this<Graph> {
public:
    std::shared_ptr<GraphNode> add(CUgraphNodeType type, Work work, GraphNodes after);
    /// False where the edge would close a ring, or is there already.
    [[nodiscard]] bool connect(const std::shared_ptr<GraphNode>& from, const std::shared_ptr<GraphNode>& to);
    [[nodiscard]] GraphNodes nodes() const;
    /// All nodes in an order that they can run in, which is the one in which they were added as far as edges allow.
    [[nodiscard]] GraphNodes in_order() const;

private:
    mutable std::mutex mutex_;
    GraphNodes nodes_;
};

/// A graph that can be launched, with what it was made of: parameters of its kernels can be exchanged.
struct GraphExec {
    std::mutex mutex;
    std::shared_ptr<const GraphWork> work;
    GraphNodes nodes;  // in the order of work->nodes
};

[[nodiscard]] std::shared_ptr<GraphExec> make_executable(const Graph& graph);

/// One cuStreamBeginCapture, from it to its end; what all streams that take part share. Guarded by the context's order.
struct Capture {
    std::shared_ptr<Graph> graph = std::make_shared<Graph>();
    const void* origin;  // the stream that it began with
    CUstreamCaptureMode mode;
    std::uint64_t id;
    CUresult broken = CUDA_SUCCESS;  // what a forbidden call made of it
};

/// Where a stream, or an event that was recorded in it, is in a capture.
struct CapturePoint {
    std::shared_ptr<Capture> capture;
    GraphNodes last;  // what the next node comes after
};

}  // namespace passbench::emulation
