#include "kernels/bench/ratios/plain_loops.hpp"

namespace passbench {

double plain_sum(const double* numbers, std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += numbers[i];
    return sum;
}

const void* plain_chase(const void* at, std::size_t hops) {
    const auto* p = static_cast<const void* const*>(at);
    const auto next = [&p] { p = static_cast<const void* const*>(*p); };
    for (std::size_t hop = 0; hop < hops; hop += 8) {
        next();
        next();
        next();
        next();
        next();
        next();
        next();
        next();
    }
    return p;
}

}  // namespace passbench
