// What the memory workloads are compared with: how fast the same threads read the same buffers. A measured limit, so a value
// above it is no fault: it says that memory carries reads and writes at the same time (non-temporal stores on Zen 4 reach
// 1.3 times the read bandwidth). Far below it are plain stores, which also read each line before they overwrite it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/topology.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// Bytes a second; the best of several passes over all buffers (each aligned to 64 bytes) by the first `threads` workers.
[[nodiscard]] double measure_read_bandwidth(ThreadPool& pool, int threads,
                                            std::span<const std::span<const std::byte>> buffers);

/// What measure_read_bandwidth() says now as the limit of `bandwidth`; none, and why, where the buffers together are too small.
[[nodiscard]] InstanceLimit read_bandwidth_limit(ThreadPool& pool, int threads,
                                                 std::span<const std::span<const std::byte>> buffers);

/// Why a footprint of this size says nothing about memory, or nothing where it does: the rule is 4 x the last-level caches.
[[nodiscard]] std::optional<std::string> too_small_for_memory(std::int64_t footprint_bytes, const Topology& topology);

}  // namespace passbench
