// The operations of image as one writes them without intrinsics: plain loops over a row, left to the compiler. In a file of its own,
// compiled with -O3 for AVX2. They leave the first and the last pixel of each row alone, which is little work and hard to vectorise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench {

/// Rows above and below, and the row to be made; each of `width` pixels. The CPU must support AVX2.
void plain_stencil(const float* above, const float* here, const float* below, float* out, std::size_t width);
void plain_convolution(const std::uint8_t* above, const std::uint8_t* here, const std::uint8_t* below,
                       const std::int8_t* weights, std::uint8_t* out, std::size_t width);
void plain_sobel(const std::uint8_t* above, const std::uint8_t* here, const std::uint8_t* below, std::uint8_t* out,
                 std::size_t width);

}  // namespace passbench
