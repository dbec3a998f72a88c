#include "kernels/cpu/fft_reference.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace passbench {

namespace {

/// Without the care for infinities that std::complex takes: what is not finite is wrong anyway, and stays so.
std::complex<double> times(std::complex<double> a, std::complex<double> b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

void reverse_bits(std::span<std::complex<double>> values) {
    const std::size_t n = values.size();
    std::size_t reversed = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (i < reversed) std::swap(values[i], values[reversed]);
        // One more, counted from the highest bit downwards.
        std::size_t bit = n / 2;
        while (bit > 0 && (reversed & bit) != 0) {
            reversed ^= bit;
            bit /= 2;
        }
        reversed |= bit;
    }
}

}  // namespace

std::vector<std::complex<double>> roots_of_unity(std::size_t n) {
    std::vector<std::complex<double>> roots(n);
    for (std::size_t k = 0; k < n; ++k) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
        roots[k] = {std::cos(angle), std::sin(angle)};
    }
    return roots;
}

void inverse_transform(std::span<std::complex<double>> values, std::span<const std::complex<double>> roots) {
    const std::size_t n = values.size();
    reverse_bits(values);
    for (std::size_t half = 1; half < n; half *= 2) {
        const std::size_t step = n / (2 * half);
        for (std::size_t begin = 0; begin < n; begin += 2 * half) {
            for (std::size_t k = 0; k < half; ++k) {
                const std::complex<double> even = values[begin + k];
                const std::complex<double> odd = times(values[begin + half + k], roots[k * step]);
                values[begin + k] = even + odd;
                values[begin + half + k] = even - odd;
            }
        }
    }
    for (std::complex<double>& value : values) value /= static_cast<double>(n);
}

void inverse_transform_square(std::span<std::complex<double>> values, std::span<const std::complex<double>> roots) {
    const std::size_t side = roots.size();
    for (std::size_t row = 0; row < side; ++row) inverse_transform(values.subspan(row * side, side), roots);
    std::vector<std::complex<double>> column(side);
    for (std::size_t x = 0; x < side; ++x) {
        for (std::size_t y = 0; y < side; ++y) column[y] = values[y * side + x];
        inverse_transform(column, roots);
        for (std::size_t y = 0; y < side; ++y) values[y * side + x] = column[y];
    }
}

}  // namespace passbench
