#include "kernels/cpu/fft_inputs.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/fft_reference.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

using Complex = std::complex<double>;
constexpr std::size_t sampled_points = 6;

double log2_of(std::size_t points) { return static_cast<double>(std::bit_width(points) - 1); }

double energy(std::span<const Complex> values) {
    double sum = 0;
    for (const Complex& value : values) sum += std::norm(value);
    return sum;
}

/// The point of the transform that its definition gives: the sum of all inputs, each times a root of unity.
Complex defined(const FftShape& shape, std::span<const Complex> inputs, std::span<const Complex> roots,
                std::size_t at) {
    const std::size_t side = roots.size();
    const std::size_t wanted_row = at / side;
    const std::size_t wanted_column = at % side;
    Complex sum = 0;
    const std::size_t rows = shape.dimensions == 2 ? side : 1;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < side; ++column) {
            // The forward transform turns the other way.
            const std::size_t turns = (row * wanted_row + column * wanted_column) & (side - 1);
            sum += inputs[row * side + column] * std::conj(roots[turns]);
        }
    }
    return sum;
}

/// What is wrong with one transform, if anything. Errors are relative to the length of the vector, and what is no number is wrong.
std::optional<std::string> wrong_with(const FftShape& shape, std::span<const Complex> inputs,
                                      std::span<const Complex> results, std::span<const Complex> roots,
                                      std::uint64_t sample_key) {
    const double bound = fft_error_bound(shape.points());
    const double all = std::sqrt(energy(inputs) * static_cast<double>(shape.points()));
    const auto points = static_cast<double>(shape.points());
    const double energy_error = std::abs(energy(results) / (energy(inputs) * points) - 1);
    if (!(energy_error <= 2 * bound)) {
        return fmt::format("its energy differs by {:.2g} of it", energy_error);
    }
    for (std::size_t sample = 0; sample < sampled_points; ++sample) {
        const std::array<std::size_t, 3> ends = {0, 1, shape.points() - 1};
        const std::size_t at =
            sample < ends.size() ? ends[sample] : pattern_word(sample_key, sample) & (shape.points() - 1);
        const double error = std::abs(results[at] - defined(shape, inputs, roots, at)) / all;
        if (!(error <= bound)) {
            return fmt::format("point {} differs from the sum that defines it by {:.2g} of all", at, error);
        }
    }
    std::vector<Complex> back(results.begin(), results.end());
    if (shape.dimensions == 2) {
        inverse_transform_square(back, roots);
    } else {
        inverse_transform(back, roots);
    }
    for (std::size_t i = 0; i < back.size(); ++i) back[i] -= inputs[i];
    const double error = std::sqrt(energy(back) / energy(inputs));
    if (!(error <= bound)) return fmt::format("its inverse differs from the input by {:.2g} of it", error);
    return std::nullopt;
}

}  // namespace

double FftShape::flops_a_byte() const {
    constexpr double flops_a_point_and_doubling = 5;
    return flops_a_point_and_doubling * log2_of(points()) / (2 * sizeof(std::complex<float>));
}

Result<FftShape> fft_shape_of(const Parameters& parameters) {
    const FftShape shape = {.dimensions = word_of(parameters, "dims") == "2d" ? 2 : 1,
                            .size = static_cast<std::size_t>(integer_of(parameters, "size")),
                            .batch = static_cast<std::size_t>(integer_of(parameters, "batch"))};
    constexpr std::size_t most_points = std::size_t{1} << 26;
    if (shape.points() <= most_points) return shape;
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("a square of {0} x {0} points is more than one transform takes here", shape.size),
                 .fix = "With dims = \"2d\" size takes 8 to 8192, powers of two."});
}

// Higham: log2(n) eta with eta = mu + gamma_4 (sqrt(2) + mu), u = 2^-24 and roots of unity that are right to mu = 2 u.
double fft_error_bound(std::size_t points) {
    constexpr double unit = 1.0 / (1 << 24);
    constexpr double eta = 8 * unit;
    return log2_of(points) * eta;
}

void FftInputs::fill(std::span<std::complex<float>> points, const Share& share) const {
    for (std::size_t i = share.begin; i < share.end; ++i) points[i] = point(i);
}

Result<void> FftInputs::check(ThreadPool& pool, int threads, std::span<const std::complex<float>> results) const {
    const std::vector<Complex> roots = roots_of_unity(shape_.size);
    const std::size_t points = shape_.points();
    const auto trouble = [&](std::size_t transform) {
        std::vector<Complex> inputs(points);
        std::vector<Complex> found(points);
        for (std::size_t i = 0; i < points; ++i) {
            inputs[i] = Complex(point(transform * points + i));
            found[i] = Complex(results[transform * points + i]);
        }
        return wrong_with(shape_, inputs, found, roots, key_ ^ transform);
    };
    const auto wrong =
        first_wrong(pool, threads, shape_.batch, [&](std::size_t transform) { return trouble(transform).has_value(); });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("fft: transform {} of {} ({} points): {}, where rounding explains {:.2g}", *wrong,
                                     shape_.batch, points, trouble(*wrong).value_or("it has changed meanwhile"),
                                     fft_error_bound(points)),
                 .fix = wrong_result_fix});
}

}  // namespace passbench
