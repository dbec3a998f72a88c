#include "kernels/bench/ratios/plain_sums.hpp"

namespace passbench {

std::uint64_t plain_word_sum(const std::uint64_t* x, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += x[i];
    return sum;
}

}  // namespace passbench
