// image beside plain loops, beside a copy of as many bytes, and beside OpenCV where it is installed.
#include <array>
#include <cstring>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/opencv_image.hpp"
#include "kernels/bench/ratios/plain_image.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"

namespace passbench {

namespace {

constexpr ImageSize frame_size = {.width = 1920, .height = 1080};

struct Frames {
    Buffer in;
    Buffer out;
};

void plain_row(const ImageInputs& inputs, ImageOp op, const Frames& frames, std::size_t row) {
    const std::size_t above = row == 0 ? 0 : row - 1;
    const std::size_t below = row + 1 == frame_size.height ? row : row + 1;
    const std::size_t width = frame_size.width;
    if (op == ImageOp::stencil) {
        const float* const in = frames.in.as<float>().data();
        plain_stencil(in + above * width, in + row * width, in + below * width,
                      frames.out.as<float>().data() + row * width, width);
        return;
    }
    const auto* const in = frames.in.as<std::uint8_t>().data();
    std::uint8_t* const out = frames.out.as<std::uint8_t>().data() + row * width;
    if (op == ImageOp::sobel) {
        plain_sobel(in + above * width, in + row * width, in + below * width, out, width);
    } else {
        plain_convolution(in + above * width, in + row * width, in + below * width, inputs.weights().data(), out,
                          width);
    }
}

Result<void> compare_op(ImageOp op, int threads, ThreadPool& pool, RatioReport& report) {
    PASSBENCH_TRY(
        const auto own,
        prepare_verified("image", {{"op", std::string(to_string(op))}, {"threads", std::int64_t{threads}}}, pool));
    const std::size_t frame_bytes = frame_size.pixels() * pixel_bytes(op);
    Frames frames;
    PASSBENCH_TRY(frames.in, Buffer::allocate(frame_bytes));
    PASSBENCH_TRY(frames.out, Buffer::allocate(frame_bytes));
    const ImageInputs inputs(1, op, frame_size);
    inputs.fill(frames.in.bytes(), {0, frame_size.height});

    const auto rows_of = [&](int worker) { return share_of(frame_size.height, worker, threads); };
    const std::function<void(int)> plain = [&](int worker) {
        const Share rows = rows_of(worker);
        for (std::size_t row = rows.begin; row < rows.end; ++row) plain_row(inputs, op, frames, row);
    };
    const std::function<void(int)> copy = [&](int worker) {
        const Share rows = rows_of(worker);
        const std::size_t row_bytes = frame_size.width * pixel_bytes(op);
        std::memcpy(frames.out.bytes().data() + rows.begin * row_bytes,
                    frames.in.bytes().data() + rows.begin * row_bytes, (rows.end - rows.begin) * row_bytes);
    };
    std::vector<Way> ways = {
        {"own, " + own->isa(), [&] { own->iterate(); }},
        {"plain loops, -O3 -mavx2", [&] { pool.run(threads, plain); }},
        {"memcpy of the frame", [&] { pool.run(threads, copy); }},
    };
    if (threads == 1) {
        if (auto opencv = opencv_image(op, frame_size)) ways.push_back(*std::move(opencv));
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, 3 * ratio_rounds);
    report.title(fmt::format("{}, 1920 x 1080, {} thread(s), bytes read and written", to_string(op), threads));
    report.rates(timed, static_cast<double>(2 * frame_bytes), "B/s");
    for (std::size_t rival = 1; rival < timed.size(); ++rival) {
        // The copy does no arithmetic: it is what memory allows, and no goal. A stencil of floats is vectorised by every compiler: as
        // fast is what there is to be had.
        report.add({.workload = "image",
                    .what = fmt::format("{}, {} thread(s): own / {}", to_string(op), threads, timed[rival].name),
                    .value = median_speed(timed[0], timed[rival]),
                    .at_least = rival == 2 ? std::nullopt : std::optional(0.95)});
    }
    return {};
}

}  // namespace

Result<void> compare_images(ThreadPool& pool, RatioReport& report) {
    for (const ImageOp op : {ImageOp::stencil, ImageOp::convolution, ImageOp::sobel}) {
        PASSBENCH_CHECK(compare_op(op, 1, pool, report));
        if (pool.size() > 1) PASSBENCH_CHECK(compare_op(op, pool.size(), pool, report));
    }
    return {};
}

}  // namespace passbench
