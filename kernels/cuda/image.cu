// image: a 5-point stencil, a 3 x 3 convolution and Sobel edges. A thread makes four neighbours of a row from three rows of six
// pixels; beyond the border stand the pixels at the border. Rows begin aligned, so that four pixels are one load and one store.
#include "kernels/cuda/image_shape.hpp"
#include "kernels/cuda/kernel.cuh"

namespace {

using passbench::image_pixels_a_thread;
using passbench::ImageShape;

constexpr unsigned window = image_pixels_a_thread + 2;

/// Four pixels as memory has them, and the type that they are worked on in.
template <typename T>
struct Pixels;
template <>
struct Pixels<float> {
    using Four = float4;
    using Number = float;
};
template <>
struct Pixels<std::uint8_t> {
    using Four = uchar4;
    using Number = int;
};

/// The pixels from column - 1 to column + 4 of a row.
template <typename T>
__device__ void load_window(const T* row, unsigned column, unsigned width,
                            typename Pixels<T>::Number (&pixels)[window]) {
    if (column > 0 && column + image_pixels_a_thread < width) {
        const auto four = *reinterpret_cast<const typename Pixels<T>::Four*>(row + column);
        pixels[0] = row[column - 1];
        pixels[1] = four.x;
        pixels[2] = four.y;
        pixels[3] = four.z;
        pixels[4] = four.w;
        pixels[5] = row[column + image_pixels_a_thread];
        return;
    }
    for (unsigned i = 0; i < window; ++i) {
        const int wanted = static_cast<int>(column + i) - 1;
        pixels[i] = row[min(max(wanted, 0), static_cast<int>(width) - 1)];
    }
}

/// `operation` makes a pixel of the three pixels that begin at each of its pointers.
template <typename T, typename Operation>
__device__ void each_pixel(const T* in, T* out, const ImageShape& shape, Operation operation) {
    const unsigned groups = (shape.width + image_pixels_a_thread - 1) / image_pixels_a_thread;
    const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned row = thread / groups;
    const unsigned column = (thread % groups) * image_pixels_a_thread;
    if (row >= shape.height) return;
    const unsigned previous = row == 0 ? 0 : row - 1;
    const unsigned next = min(row + 1, shape.height - 1);
    const std::size_t stride = shape.stride;
    typename Pixels<T>::Number above[window];
    typename Pixels<T>::Number here[window];
    typename Pixels<T>::Number below[window];
    load_window(in + previous * stride, column, shape.width, above);
    load_window(in + row * stride, column, shape.width, here);
    load_window(in + next * stride, column, shape.width, below);
    T results[image_pixels_a_thread];
    for (unsigned i = 0; i < image_pixels_a_thread; ++i) {
        results[i] = static_cast<T>(operation(above + i, here + i, below + i));
    }
    T* const to = out + row * stride + column;
    if (column + image_pixels_a_thread <= shape.width) {
        *reinterpret_cast<typename Pixels<T>::Four*>(to) = {results[0], results[1], results[2], results[3]};
        return;
    }
    for (unsigned i = 0; column + i < shape.width; ++i) to[i] = results[i];
}

__device__ int cut_off(int value) { return min(max(value, 0), 255); }

}  // namespace

PASSBENCH_KERNEL(image_stencil, (const float* in, float* out, ImageShape shape)) {
    each_pixel(in, out, shape, [](const float* above, const float* here, const float* below) {
        const float around = (above[1] + below[1]) + (here[0] + here[2]);
        return around * 0.125F + here[1] * 0.5F;
    });
}

PASSBENCH_KERNEL(image_convolution,
                 (const std::uint8_t* in, std::uint8_t* out, ImageShape shape, passbench::ImageTaps taps)) {
    each_pixel(in, out, shape, [&taps](const int* above, const int* here, const int* below) {
        int sum = 1 << (passbench::image_kernel_shift - 1);
        for (unsigned i = 0; i < 3; ++i) {
            sum += taps.weights[i] * above[i] + taps.weights[3 + i] * here[i] + taps.weights[6 + i] * below[i];
        }
        return cut_off(sum >> passbench::image_kernel_shift);
    });
}

PASSBENCH_KERNEL(image_sobel, (const std::uint8_t* in, std::uint8_t* out, ImageShape shape)) {
    each_pixel(in, out, shape, [](const int* above, const int* here, const int* below) {
        const int across = (above[2] - above[0]) + 2 * (here[2] - here[0]) + (below[2] - below[0]);
        const int down = (below[0] - above[0]) + 2 * (below[1] - above[1]) + (below[2] - above[2]);
        return cut_off(abs(across) + abs(down));
    });
}
