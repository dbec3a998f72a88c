// A plain Fourier transform in double precision, for checking: radix 2, in place, its roots of unity computed one by one. Not fast, and
// of nothing that is measured.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace passbench {

/// exp(2 pi i k / n) for k in [0, n).
[[nodiscard]] std::vector<std::complex<double>> roots_of_unity(std::size_t n);

/// Makes `values` the inverse transform of what they are, divided by their number; `roots` are roots_of_unity(values.size()), a power
/// of two.
void inverse_transform(std::span<std::complex<double>> values, std::span<const std::complex<double>> roots);

/// The same in two dimensions: `values` are a square, row by row, and `roots` those of its side.
void inverse_transform_square(std::span<std::complex<double>> values, std::span<const std::complex<double>> roots);

}  // namespace passbench
