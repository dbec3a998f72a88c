// Loops as others write them, compiled with -O3 -mavx2 -mfma -ffast-math in a file of their own, which may leave no inline
// function behind.
#pragma once

#include <cstddef>

namespace passbench {

[[nodiscard]] double plain_sum(const double* numbers, std::size_t count);
/// Eight dependent loads a turn, as lmbench has them; `hops` is a multiple of that.
[[nodiscard]] const void* plain_chase(const void* at, std::size_t hops);

}  // namespace passbench
