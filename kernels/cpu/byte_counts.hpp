// Counting how many integers have each value of their highest byte: histogram, and the first step of sort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/integer_inputs.hpp"

namespace passbench {

[[nodiscard]] Counts count_high_bytes(std::span<const std::uint32_t> integers);

}  // namespace passbench
