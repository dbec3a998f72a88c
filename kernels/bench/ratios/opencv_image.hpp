// The operations of image by OpenCV, where libopencv-imgproc-dev is installed: a rival to be measured beside, no part of the product.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kernels/bench/compare.hpp"
#include "kernels/cpu/image_inputs.hpp"

namespace passbench {

/// A frame of this size through OpenCV, with replicated borders, on one thread: its threads would share the CPU that the pool has
/// pinned the caller to. Sobel is spatialGradient, the absolute values in 8 bits and their sum; convolution and stencil are filter2D.
/// Nothing where this build has no OpenCV.
[[nodiscard]] std::optional<Way> opencv_image(ImageOp op, const ImageSize& size);

}  // namespace passbench
