// The triad as BabelStream's OpenMP and threads models write it, to be compared with ours: a plain loop over plain pointers,
// left to the compiler. In a file of its own, compiled with -O3 for AVX2.
#pragma once

#include <cstddef>

namespace passbench {

/// a[i] = b[i] + s * c[i] for [begin, end); the CPU must support AVX2.
void babelstream_triad(double* a, const double* b, const double* c, double s, std::size_t begin, std::size_t end);

}  // namespace passbench
