#include "kernels/emulation/graph_state.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace passbench::emulation {

namespace {

bool comes_after(const GraphNode& node, const GraphNode& other) {
    std::vector<const GraphNode*> left = {&node};
    std::unordered_set<const GraphNode*> seen;
    while (!left.empty()) {
        const GraphNode* next = left.back();
        left.pop_back();
        if (next == &other) return true;
        for (const auto& before : next->after) {
            if (seen.insert(before.get()).second) left.push_back(before.get());
        }
    }
    return false;
}

}  // namespace

std::shared_ptr<GraphNode> Graph::add(CUgraphNodeType type, Work work, GraphNodes after) {
    const std::lock_guard lock(mutex_);
    auto node = std::make_shared<GraphNode>();
    node->graph = weak_from_this();
    node->type = type;
    node->work = std::move(work);
    node->after = std::move(after);
    nodes_.push_back(node);
    return node;
}

bool Graph::connect(const std::shared_ptr<GraphNode>& from, const std::shared_ptr<GraphNode>& to) {
    const std::lock_guard lock(mutex_);
    if (std::find(to->after.begin(), to->after.end(), from) != to->after.end()) return false;
    if (comes_after(*from, *to)) return false;
    to->after.push_back(from);
    return true;
}

GraphNodes Graph::nodes() const {
    const std::lock_guard lock(mutex_);
    return nodes_;
}

GraphNodes Graph::in_order() const {
    const std::lock_guard lock(mutex_);
    GraphNodes result;
    std::unordered_set<const GraphNode*> done;
    // Edges that were added later may point backwards; there are no rings, so each round places at least one node.
    while (result.size() < nodes_.size()) {
        for (const auto& node : nodes_) {
            const bool ready = std::all_of(node->after.begin(), node->after.end(),
                                           [&](const auto& before) { return done.contains(before.get()); });
            if (ready && done.insert(node.get()).second) result.push_back(node);
        }
    }
    return result;
}

std::shared_ptr<GraphExec> make_executable(const Graph& graph) {
    auto result = std::make_shared<GraphExec>();
    auto work = std::make_shared<GraphWork>();
    std::unordered_map<const GraphNode*, std::size_t> places;
    result->nodes = graph.in_order();
    for (const auto& node : result->nodes) {
        GraphWork::Node ready = {.work = node->work, .after = {}};
        for (const auto& before : node->after) ready.after.push_back(places.at(before.get()));
        places.emplace(node.get(), work->nodes.size());
        work->nodes.push_back(std::move(ready));
    }
    result->work = std::move(work);
    return result;
}

}  // namespace passbench::emulation
