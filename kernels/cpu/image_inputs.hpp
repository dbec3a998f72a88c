// The frame of image and what must come out, the same for every form. Pixels are whole numbers from 0 to 255, in the float frame of
// stencil too, and every result is exact: whole, or in eighths. The reference is one plain 3 x 3 sum in integers over clamped
// coordinates, made from the seed and not from the frame in memory.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/loop_table.hpp"

namespace passbench {

enum class ImageOp { stencil, convolution, sobel };
/// `name` is one of stencil, convolution, sobel.
[[nodiscard]] ImageOp image_op_of(std::string_view name);
[[nodiscard]] std::string_view to_string(ImageOp op);
/// 4 for stencil, whose pixels are floats, else 1.
[[nodiscard]] std::size_t pixel_bytes(ImageOp op);

struct ImageSize {
    std::size_t width;
    std::size_t height;
    [[nodiscard]] std::size_t pixels() const { return width * height; }
};

class ImageInputs {
public:
    using Weights = std::array<std::int8_t, image_taps>;

    ImageInputs(std::uint64_t seed, ImageOp op, const ImageSize& size);

    /// Of a convolution: sixteenths that sum up to one, so that the image keeps its brightness. All but the middle one are 1 to 4 or
    /// -1 to -4, so each of them counts.
    [[nodiscard]] const Weights& weights() const { return weights_; }

    /// Writes these rows of the input; `frame` holds whole rows without gaps, as all frames here do.
    void fill(std::span<std::byte> frame, const Share& rows) const;
    /// Writes a wrong value into every pixel of these rows of the results.
    void spoil(std::span<std::byte> frame, const Share& rows) const;
    /// Compares all pixels of the results. Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::byte> frame) const;

private:
    [[nodiscard]] int pixel(std::size_t row, std::size_t column) const;
    /// The results of a row: of stencil eight times the value.
    [[nodiscard]] std::vector<int> right_row(std::size_t row) const;
    /// As it stands in memory: of stencil a number of eighths.
    [[nodiscard]] int found(std::span<const std::byte> frame, std::size_t at) const;
    [[nodiscard]] std::string shown(int value) const;

    std::uint64_t key_;
    ImageOp op_;
    ImageSize size_;
    Weights weights_{};
};

}  // namespace passbench
