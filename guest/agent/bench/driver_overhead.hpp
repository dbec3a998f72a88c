// The three parts of passbench-driver-overhead. Each prints what it measured; an error is one of the driver's.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// Rounds of each comparison: an odd number, for medians are shown.
inline constexpr int overhead_rounds = 31;

enum class Copies { smallest, all_sizes };

/// An iteration of launch, copy, stream and fma through our layer beside the same calls of the driver without it, in ns.
[[nodiscard]] Result<void> show_layer_cost(const DriverChoice& driver, Copies copies, ThreadPool& pool);

/// Opening the stand-in driver in a process that has not done so, which is forked: to be called before there are threads.
[[nodiscard]] Result<void> show_opening(const std::string& stand_in);

/// An empty kernel and a matrix product on a stand-in driver that has launch.cu and plain_kernels.cu.
[[nodiscard]] Result<void> show_stand_in_speed(const std::string& stand_in, ThreadPool& pool);

/// stream beside a copy within the device and the triad of BabelStream, on the driver of this machine.
[[nodiscard]] Result<void> show_stream_rates(ThreadPool& pool);

/// plain_kernels.cu as nvcc compiled it.
[[nodiscard]] std::span<const std::byte> plain_kernels_image();

}  // namespace passbench
