#include "kernels/cpu/graph_trace.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

namespace {

constexpr std::uint32_t not_run = ~std::uint32_t{0};

tl::unexpected<Error> wrong(std::string what) {
    return fail({.code = ErrorCode::verify_failed, .what = std::move(what), .fix = wrong_result_fix});
}

}  // namespace

GraphShape graph_shape_of(std::string_view word) { return word == "fan" ? GraphShape::fan : GraphShape::chain; }

std::vector<std::uint32_t> nodes_before(GraphShape shape, std::uint32_t node, std::uint32_t nodes) {
    if (node == 0) return {};
    const bool is_last = node + 1 == nodes;
    if (shape == GraphShape::chain) return {node - 1};
    if (!is_last || nodes == 2) return {0};
    std::vector<std::uint32_t> all_between(nodes - 2);
    std::iota(all_between.begin(), all_between.end(), 1U);
    return all_between;
}

GraphTrace::GraphTrace(GraphShape shape, std::uint32_t nodes)
    : shape_(shape), nodes_(nodes), bytes_(sizeof(std::uint64_t) + nodes * sizeof(std::uint32_t)) {
    spoil();
}

std::uint64_t* GraphTrace::nodes_run() { return reinterpret_cast<std::uint64_t*>(bytes_.data()); }
std::uint32_t* GraphTrace::order() { return reinterpret_cast<std::uint32_t*>(bytes_.data() + sizeof(std::uint64_t)); }

void GraphTrace::spoil() {
    *nodes_run() = 0;
    std::fill_n(order(), nodes_, not_run);
}

Result<void> GraphTrace::check(std::uint64_t launches) const {
    std::uint64_t run = 0;
    std::memcpy(&run, bytes_.data(), sizeof(run));
    if (run != launches * nodes_) {
        return wrong(
            fmt::format("graph: {} nodes have run where {} launches of {} were handed over", run, launches, nodes_));
    }
    std::vector<std::uint32_t> order(nodes_);
    std::memcpy(order.data(), bytes_.data() + sizeof(run), nodes_ * sizeof(std::uint32_t));
    std::vector<std::uint32_t> places(nodes_, not_run);
    for (std::uint32_t place = 0; place < nodes_; ++place) {
        const std::uint32_t node = order[place];
        if (node >= nodes_ || places[node] != not_run) {
            return wrong(
                fmt::format("graph: place {} of the trace holds {}, which is no node or has run already", place, node));
        }
        places[node] = place;
    }
    for (std::uint32_t node = 0; node < nodes_; ++node) {
        for (const std::uint32_t before : nodes_before(shape_, node, nodes_)) {
            if (places[before] < places[node]) continue;
            return wrong(fmt::format("graph: node {} ran before node {}, which it has to wait for", node, before));
        }
    }
    return {};
}

}  // namespace passbench
