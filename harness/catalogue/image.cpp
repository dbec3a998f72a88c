#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const std::int64_t pixels =
        std::get<std::int64_t>(parameters.at("width")) * std::get<std::int64_t>(parameters.at("height"));
    const bool is_float = std::get<std::string>(parameters.at("op")) == "stencil";
    constexpr std::int64_t frames = 2;  // one read, one written
    return {.bytes = frames * pixels * (is_float ? 4 : 1), .flops = 0, .items = 1};
}

}  // namespace

Workload image_workload() {
    return {
        .name = "image",
        .version = 1,
        .title = "One camera frame: a 5-point stencil, a 3 x 3 convolution or Sobel edges",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "op",
                 .words = {"stencil", "convolution", "sobel"},
                 .fallback = "sobel",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "stencil: c + (above + left + right + below - 4 c) / 8 on 4-byte floats; convolution: nine "
                            "weights of sixteenths, "
                            "rounded, 8-bit pixels; sobel: |gx| + |gy|, 8-bit pixels"},
                {.name = "width",
                 .low = 1,
                 .high = 16'384,
                 .fallback = std::int64_t{1920},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 320,
                 .tested = {67, 1, 131, 64},
                 .meaning = "pixels in a row"},
                {.name = "height",
                 .low = 1,
                 .high = 16'384,
                 .fallback = std::int64_t{1080},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 180,
                 .tested = {13, 21, 5, 1},
                 .meaning = "rows"},
                transfers_parameter(),
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                wall_metric(),
                bandwidth_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula = "read bandwidth of the same trial; none where both frames together are under 4 x the "
                            "last-level cache, as they are at 1920 x 1080"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "transfers included: the card's PCIe link, which carries both frames one after the other; "
                            "excluded: memory "
                            "clock x 2 x bus width, none where both frames together are under 16 x the L2 cache"},
            },
        .measures =
            "The time of one frame, as a vision pipeline meets it: short work on 2 MB in and 2 MB out (8 MB each for "
            "stencil). With "
            "transfers the frame goes from pinned host memory to the card, through the kernel and back, one after the "
            "other on one "
            "stream; a speed-up over the CPU form is quoted with them. Pixels beyond the border are those at the "
            "border (replicated). The bandwidth counts each frame once.",
        .check =
            "All pixels, bit for bit, with a plain 3 x 3 sum of integers over clamped coordinates that is made from "
            "the seed and not "
            "from the frame in memory. The pixels are whole numbers from 0 to 255, deliberately in the floats of "
            "stencil too: its results are eighths and exact in whatever order they are added.",
        .cpu_form =
            "Own loops over rows with SSE2, AVX2 and AVX-512 intrinsics (8-bit pixels are weighed two at a time in 16 "
            "bits) on the harness's threads; no library.",
        .sensitivity =
            "GPU-PV: some with transfers, for a copy, a launch and a wait per frame cross the VM bus; little without. "
            "DDA: none expected beyond that of the copies.",
        .sources =
            "OpenCV's filters (BORDER_REPLICATE; Sobel by |gx| + |gy|); nine-tap weights are made from the seed.",
        .work = &work,
    };
}

}  // namespace passbench
