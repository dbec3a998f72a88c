#include "kernels/cpu/image_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/core.h>

#include "harness/core/random.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

constexpr std::array<std::string_view, 3> op_names = {"stencil", "convolution", "sobel"};
constexpr std::size_t middle = image_taps / 2;
constexpr int one = 1 << image_shift;  // the sum of all weights
constexpr int parts_of_a_stencil = 8;  // its results are eighths
constexpr int brightest = 255;
constexpr int never = std::numeric_limits<int>::min();  // what no result is

ImageInputs::Weights weights_of(std::uint64_t key) {
    ImageInputs::Weights weights{};
    int sum = 0;
    for (std::size_t tap = 0; tap < image_taps; ++tap) {
        if (tap == middle) continue;
        const std::uint64_t word = pattern_word(key, tap);
        const int amount = 1 + static_cast<int>(word & 3U);
        weights[tap] = static_cast<std::int8_t>((word & 4U) != 0 ? -amount : amount);
        sum += weights[tap];
    }
    weights[middle] = static_cast<std::int8_t>(one - sum);
    return weights;
}

/// The sum of nine pixels with these weights, row by row.
int weighed(const std::array<int, image_taps>& pixels, const std::array<int, image_taps>& weights) {
    int sum = 0;
    for (std::size_t tap = 0; tap < image_taps; ++tap) sum += weights[tap] * pixels[tap];
    return sum;
}

int right_pixel(ImageOp op, const std::array<int, image_taps>& around, const ImageInputs::Weights& weights) {
    switch (op) {
        case ImageOp::stencil:
            return weighed(around, {0, 1, 0, 1, 4, 1, 0, 1, 0});
        case ImageOp::convolution: {
            std::array<int, image_taps> taps{};
            std::ranges::copy(weights, taps.begin());
            const double rounded = std::floor(weighed(around, taps) / static_cast<double>(one) + 0.5);
            return static_cast<int>(std::clamp(rounded, 0.0, static_cast<double>(brightest)));
        }
        case ImageOp::sobel:
            break;
    }
    const int across = weighed(around, {-1, 0, 1, -2, 0, 2, -1, 0, 1});
    const int down = weighed(around, {-1, -2, -1, 0, 0, 0, 1, 2, 1});
    return std::min(brightest, std::abs(across) + std::abs(down));
}

}  // namespace

ImageOp image_op_of(std::string_view name) {
    return static_cast<ImageOp>(std::ranges::find(op_names, name) - op_names.begin());
}

std::string_view to_string(ImageOp op) { return op_names[static_cast<std::size_t>(op)]; }

std::size_t pixel_bytes(ImageOp op) { return op == ImageOp::stencil ? sizeof(float) : sizeof(std::uint8_t); }

ImageInputs::ImageInputs(std::uint64_t seed, ImageOp op, const ImageSize& size)
    : key_(derive_seed(seed, "image/pixels")),
      op_(op),
      size_(size),
      weights_(weights_of(derive_seed(seed, "image/weights"))) {}

int ImageInputs::pixel(std::size_t row, std::size_t column) const {
    return static_cast<int>(pattern_word(key_, row * size_.width + column) & static_cast<unsigned>(brightest));
}

void ImageInputs::fill(std::span<std::byte> frame, const Share& rows) const {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
        for (std::size_t column = 0; column < size_.width; ++column) {
            const std::size_t at = row * size_.width + column;
            const int value = pixel(row, column);
            if (op_ == ImageOp::stencil) {
                const auto number = static_cast<float>(value);
                std::memcpy(&frame[at * sizeof(number)], &number, sizeof(number));
            } else {
                frame[at] = static_cast<std::byte>(value);
            }
        }
    }
}

void ImageInputs::spoil(std::span<std::byte> frame, const Share& rows) const {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
        const std::size_t first = row * size_.width;
        if (op_ == ImageOp::stencil) {
            for (std::size_t at = first; at < first + size_.width; ++at) {
                std::memcpy(&frame[at * sizeof(nan)], &nan, sizeof(nan));
            }
            continue;
        }
        // A byte has no value that is always wrong.
        const std::vector<int> right = right_row(row);
        for (std::size_t column = 0; column < size_.width; ++column) {
            frame[first + column] = ~static_cast<std::byte>(right[column]);
        }
    }
}

std::vector<int> ImageInputs::right_row(std::size_t row) const {
    // Rows and columns beyond the border are those at the border.
    const std::array<std::size_t, 3> rows = {row == 0 ? 0 : row - 1, row, std::min(row + 1, size_.height - 1)};
    std::array<std::vector<int>, 3> pixels;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        pixels[i].resize(size_.width);
        for (std::size_t column = 0; column < size_.width; ++column) pixels[i][column] = pixel(rows[i], column);
    }
    std::vector<int> right(size_.width);
    for (std::size_t column = 0; column < size_.width; ++column) {
        const std::array<std::size_t, 3> columns = {column == 0 ? 0 : column - 1, column,
                                                    std::min(column + 1, size_.width - 1)};
        std::array<int, image_taps> around{};
        for (std::size_t tap = 0; tap < image_taps; ++tap) around[tap] = pixels[tap / 3][columns[tap % 3]];
        right[column] = right_pixel(op_, around, weights_);
    }
    return right;
}

int ImageInputs::found(std::span<const std::byte> frame, std::size_t at) const {
    if (op_ != ImageOp::stencil) return static_cast<int>(frame[at]);
    float number = 0;
    std::memcpy(&number, &frame[at * sizeof(number)], sizeof(number));
    constexpr float most = 1 << 20;
    if (!(number >= 0 && number < most)) return never;
    const auto eighths = static_cast<int>(number * parts_of_a_stencil);
    // Only what is exactly that number counts as it, so that all bits are compared.
    return same_bits(number, static_cast<float>(eighths) / parts_of_a_stencil) ? eighths : never;
}

std::string ImageInputs::shown(int value) const {
    if (value == never) return "no number of eighths";
    return op_ == ImageOp::stencil ? fmt::format("{}", value / static_cast<double>(parts_of_a_stencil))
                                   : std::to_string(value);
}

Result<void> ImageInputs::check(ThreadPool& pool, int threads, std::span<const std::byte> frame) const {
    const auto first_wrong_column = [&](std::size_t row, const std::vector<int>& right) {
        std::size_t column = 0;
        while (column < size_.width && found(frame, row * size_.width + column) == right[column]) ++column;
        return column;
    };
    const auto row = first_wrong(pool, threads, size_.height, [&](std::size_t each) {
        return first_wrong_column(each, right_row(each)) < size_.width;
    });
    if (!row) return {};
    const std::vector<int> right = right_row(*row);
    const std::size_t column = first_wrong_column(*row, right);
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("image {}: row {}, column {} of {} x {} is {} where {} is right", to_string(op_),
                                     *row, column, size_.width, size_.height,
                                     shown(found(frame, *row * size_.width + column)), shown(right[column])),
                 .fix = wrong_result_fix});
}

}  // namespace passbench
