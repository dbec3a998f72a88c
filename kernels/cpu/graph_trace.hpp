// Which node of a graph stands behind which, and what a trace of one launch must look like: the same for every form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

enum class GraphShape { chain, fan };
[[nodiscard]] GraphShape graph_shape_of(std::string_view word);

/// The nodes that `node` waits for; each has a lower number. In a chain the one before; in a fan node 0 is first, the last one
/// waits for all others, and those wait for node 0.
[[nodiscard]] std::vector<std::uint32_t> nodes_before(GraphShape shape, std::uint32_t node, std::uint32_t nodes);

/// What launches leave behind, in one place: how many nodes have run, then the numbers of those of the last launch in the order
/// in which they ran.
class GraphTrace {
public:
    GraphTrace(GraphShape shape, std::uint32_t nodes);

    [[nodiscard]] std::uint32_t nodes() const { return nodes_; }
    [[nodiscard]] std::span<std::byte> bytes() { return bytes_; }
    [[nodiscard]] std::uint64_t* nodes_run();
    [[nodiscard]] std::uint32_t* order();
    /// No node has run, and none is a number of the trace.
    void spoil();
    /// Error `verify_failed` where not all nodes ran exactly once a launch, or one before another that it waits for.
    [[nodiscard]] Result<void> check(std::uint64_t launches) const;

private:
    GraphShape shape_;
    std::uint32_t nodes_;
    std::vector<std::byte> bytes_;
};

}  // namespace passbench
