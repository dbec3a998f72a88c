// The code that checks Fourier transforms, against what defines them.
#include "kernels/cpu/fft_reference.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "kernels/cpu/fft_inputs.hpp"

namespace passbench {
namespace {

using Complex = std::complex<double>;

std::vector<Complex> some_numbers(std::size_t count) {
    std::vector<Complex> numbers(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto x = static_cast<double>(i);
        numbers[i] = {std::sin(x * x), std::cos(3 * x + 1)};
    }
    return numbers;
}

/// The sum that defines the inverse, in rows x columns.
std::vector<Complex> defined_inverse(const std::vector<Complex>& values, std::size_t rows, std::size_t columns) {
    std::vector<Complex> result(values.size());
    for (std::size_t at = 0; at < values.size(); ++at) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double turns = static_cast<double>((i / columns) * (at / columns)) / static_cast<double>(rows) +
                                 static_cast<double>((i % columns) * (at % columns)) / static_cast<double>(columns);
            result[at] += values[i] * std::polar(1.0, 2 * std::numbers::pi * turns);
        }
        result[at] /= static_cast<double>(values.size());
    }
    return result;
}

void expect_near(const std::vector<Complex>& found, const std::vector<Complex>& right) {
    for (std::size_t i = 0; i < right.size(); ++i) EXPECT_LT(std::abs(found[i] - right[i]), 1e-13) << i;
}

TEST(InverseTransform, IsTheSumThatDefinesIt) {
    for (const std::size_t n : {1, 2, 8, 64}) {
        std::vector<Complex> values = some_numbers(n);
        const std::vector<Complex> right = defined_inverse(values, 1, n);
        inverse_transform(values, roots_of_unity(n));
        expect_near(values, right);
    }
}

TEST(InverseTransform, OfASquareGoesOverRowsAndColumns) {
    std::vector<Complex> values = some_numbers(64);
    const std::vector<Complex> right = defined_inverse(values, 8, 8);
    inverse_transform_square(values, roots_of_unity(8));
    expect_near(values, right);
}

class FftCheck : public testing::Test {
protected:
    FftCheck() {
        // Right results, as an exact transform rounds them: the inverse of the conjugate, conjugated, times the number of points.
        for (std::size_t transform = 0; transform < shape_.batch; ++transform) {
            std::vector<Complex> values(shape_.points());
            for (std::size_t i = 0; i < values.size(); ++i) {
                values[i] = std::conj(Complex(inputs_.point(transform * values.size() + i)));
            }
            inverse_transform(values, roots_of_unity(shape_.size));
            for (const Complex& value : values) {
                results_.emplace_back(std::conj(value) * static_cast<double>(shape_.points()));
            }
        }
    }
    [[nodiscard]] Result<void> check() { return inputs_.check(pool_, pool_.size(), results_); }

    const FftShape shape_ = {.dimensions = 1, .size = 256, .batch = 3};
    const FftInputs inputs_ = FftInputs(7, shape_);
    std::vector<std::complex<float>> results_;
    ThreadPool pool_ = ThreadPool({usable_cpus().front()});
};

TEST_F(FftCheck, TakesWhatIsRightButForRounding) { EXPECT_TRUE(check()); }

TEST_F(FftCheck, FindsOnePointThatIsWrongInTheFourthDigit) {
    results_.back() *= 1.0005F;
    const auto checked = check();
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().what.find("fft: transform 2 of 3 (256 points): "), std::string::npos)
        << checked.error().what;
}

TEST_F(FftCheck, FindsTransformsThatTurnTheOtherWay) {
    for (auto& result : results_) result = std::conj(result);
    EXPECT_FALSE(check());
}

TEST_F(FftCheck, FindsTwoPointsThatChangedPlaces) {
    std::swap(results_[300], results_[301]);
    EXPECT_FALSE(check());
}

TEST(FftErrorBound, GrowsWithTheLogarithm) {
    EXPECT_DOUBLE_EQ(fft_error_bound(1024), 2 * fft_error_bound(32));
    EXPECT_LT(fft_error_bound(1 << 20), 1e-5);
}

}  // namespace
}  // namespace passbench
