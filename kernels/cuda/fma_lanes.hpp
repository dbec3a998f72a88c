// How many multiply-adds an SM can begin in a cycle, by compute capability: "Arithmetic Instructions", table of throughputs, CUDA C++
// Programming Guide.
#pragma once

#include <optional>

namespace passbench {

enum class Precision { f32, f64 };

/// Nothing for a card that the table does not have.
[[nodiscard]] std::optional<int> fma_lanes(int major, int minor, Precision precision);

}  // namespace passbench
