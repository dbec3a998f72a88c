#include "kernels/bench/ratios/babelstream_triad.hpp"

namespace passbench {

void babelstream_triad(double* a, const double* b, const double* c, double s, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) a[i] = b[i] + s * c[i];
}

}  // namespace passbench
