#include "kernels/bench/ratios/opencv_image.hpp"

#ifdef PASSBENCH_OPENCV

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace passbench {

namespace {

struct Mats {
    cv::Mat in;
    cv::Mat out;
    cv::Mat across;
    cv::Mat down;
    cv::Mat across_amount;
    cv::Mat down_amount;
    cv::Mat kernel;
};

cv::Mat kernel_of(ImageOp op, const ImageInputs& inputs) {
    if (op == ImageOp::stencil) {
        return (cv::Mat_<float>(3, 3) << 0, 0.125F, 0, 0.125F, 0.5F, 0.125F, 0, 0.125F, 0);
    }
    cv::Mat kernel(3, 3, CV_32F);
    for (int tap = 0; tap < static_cast<int>(image_taps); ++tap) {
        kernel.at<float>(tap / 3, tap % 3) =
            static_cast<float>(inputs.weights()[static_cast<std::size_t>(tap)]) / (1 << image_shift);
    }
    return kernel;
}

}  // namespace

std::optional<Way> opencv_image(ImageOp op, const ImageSize& size) {
    cv::setNumThreads(1);
    const ImageInputs inputs(1, op, size);
    const auto mats = std::make_shared<Mats>();
    mats->in.create(static_cast<int>(size.height), static_cast<int>(size.width),
                    op == ImageOp::stencil ? CV_32F : CV_8U);
    inputs.fill({reinterpret_cast<std::byte*>(mats->in.data), size.pixels() * pixel_bytes(op)}, {0, size.height});
    mats->kernel = kernel_of(op, inputs);
    const std::string name = std::string("OpenCV ") + CV_VERSION;
    if (op != ImageOp::sobel) {
        return Way{
            name, [mats] {
                cv::filter2D(mats->in, mats->out, mats->in.depth(), mats->kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
            }};
    }
    return Way{name, [mats] {
                   cv::spatialGradient(mats->in, mats->across, mats->down, 3, cv::BORDER_REPLICATE);
                   cv::convertScaleAbs(mats->across, mats->across_amount);
                   cv::convertScaleAbs(mats->down, mats->down_amount);
                   cv::add(mats->across_amount, mats->down_amount, mats->out);
               }};
}

}  // namespace passbench

#else

namespace passbench {

std::optional<Way> opencv_image(ImageOp /*op*/, const ImageSize& /*size*/) { return std::nullopt; }

}  // namespace passbench

#endif
