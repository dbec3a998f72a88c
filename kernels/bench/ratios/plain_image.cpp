#include "kernels/bench/ratios/plain_image.hpp"

#include <algorithm>
#include <cstdlib>

namespace passbench {

// __restrict: without it the compiler has to suppose that a row is written over itself, and checks for that in each call.
void plain_stencil(const float* above, const float* here, const float* below, float* __restrict out,
                   std::size_t width) {
    for (std::size_t x = 1; x + 1 < width; ++x) {
        out[x] = here[x] + 0.125F * (above[x] + below[x] + here[x - 1] + here[x + 1] - 4 * here[x]);
    }
}

void plain_convolution(const std::uint8_t* above, const std::uint8_t* here, const std::uint8_t* below,
                       const std::int8_t* weights, std::uint8_t* __restrict out, std::size_t width) {
    for (std::size_t x = 1; x + 1 < width; ++x) {
        const int sum = weights[0] * above[x - 1] + weights[1] * above[x] + weights[2] * above[x + 1] +
                        weights[3] * here[x - 1] + weights[4] * here[x] + weights[5] * here[x + 1] +
                        weights[6] * below[x - 1] + weights[7] * below[x] + weights[8] * below[x + 1];
        out[x] = static_cast<std::uint8_t>(std::clamp((sum + 8) >> 4, 0, 255));
    }
}

void plain_sobel(const std::uint8_t* above, const std::uint8_t* here, const std::uint8_t* below,
                 std::uint8_t* __restrict out, std::size_t width) {
    for (std::size_t x = 1; x + 1 < width; ++x) {
        const int across = above[x + 1] - above[x - 1] + 2 * (here[x + 1] - here[x - 1]) + below[x + 1] - below[x - 1];
        const int down = below[x - 1] - above[x - 1] + 2 * (below[x] - above[x]) + below[x + 1] - above[x + 1];
        out[x] = static_cast<std::uint8_t>(std::min(255, std::abs(across) + std::abs(down)));
    }
}

}  // namespace passbench
