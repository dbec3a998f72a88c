// Sums as they are written where nobody thinks of registers, to be compared with ours: plain pointers, one accumulator, left to the
// compiler. In files of their own, compiled with -O3 for AVX2 and for AVX-512 with whole registers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench {

/// The sum of 64-bit words, which the compiler may reorder: what reading memory comes to. The CPU must support AVX2.
[[nodiscard]] std::uint64_t plain_word_sum(const std::uint64_t* x, std::size_t count);
/// The same for AVX-512F.
[[nodiscard]] std::uint64_t plain_word_sum_avx512(const std::uint64_t* x, std::size_t count);

}  // namespace passbench
