// The kernels as nvcc compiled them (machine code for the common cards and PTX for all others), embedded in the program.
#pragma once

#include <cstddef>
#include <span>

namespace passbench {

[[nodiscard]] std::span<const std::byte> launch_image();
[[nodiscard]] std::span<const std::byte> stream_image();
[[nodiscard]] std::span<const std::byte> fma_image();
[[nodiscard]] std::span<const std::byte> graph_image();
[[nodiscard]] std::span<const std::byte> transfers_image();
[[nodiscard]] std::span<const std::byte> integers_image();
[[nodiscard]] std::span<const std::byte> sort_image();
[[nodiscard]] std::span<const std::byte> sparse_image();

}  // namespace passbench
