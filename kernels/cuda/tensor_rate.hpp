// How much the tensor cores of an SM can do in a cycle, by compute capability. It makes a measured limit, for a percentage: the clock
// beside it is that of another kernel.
#pragma once

#include <optional>
#include <string_view>

#include "harness/core/result.hpp"
#include "kernels/cpu/gemm_inputs.hpp"

namespace passbench {

/// Operations (a multiply and an add are two) of dense matrices with sums in f32, or in 32-bit integers, a cycle and SM; nothing for
/// f32 and for a card that the table does not have. GeForce cards do half of it in all but int8.
[[nodiscard]] std::optional<int> tensor_rate(int major, int minor, std::string_view card, GemmPrecision precision);

/// That cards of this capability have tensor cores for it, or need none. Error `unsupported` with what the card, by its name, lacks.
[[nodiscard]] Result<void> require_arithmetic(std::string_view card, int major, int minor, GemmPrecision precision);

}  // namespace passbench
