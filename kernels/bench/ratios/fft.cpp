// fft beside a plan of FFTW's that is executed without anything of ours around it.
#include <algorithm>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fftw.hpp"

namespace passbench {

namespace {

Result<void> compare_shape(const FftShape& shape, int threads, ThreadPool& pool, RatioReport& report) {
    const Parameters parameters = {{"dims", shape.dimensions == 2 ? "2d" : "1d"},
                                   {"size", static_cast<std::int64_t>(shape.size)},
                                   {"batch", static_cast<std::int64_t>(shape.batch)},
                                   {"threads", std::int64_t{threads}}};
    PASSBENCH_TRY(const auto own, prepare_verified("fft", parameters, pool));
    PASSBENCH_TRY(const auto library, Fftw::load());
    using Point = std::complex<float>;
    PASSBENCH_TRY(const Buffer in, Buffer::allocate(shape.bytes()));
    PASSBENCH_TRY(const Buffer out, Buffer::allocate(shape.bytes()));
    PASSBENCH_TRY(const FftwPlan plan, FftwPlan::make(library, shape, in.as<Point>(), out.as<Point>(), pool, threads));
    const FftInputs inputs(1, shape);
    inputs.fill(in.as<Point>(), {0, shape.all_points()});

    // So many in a row that the clock does not count.
    constexpr double flops_a_round = 2e7;
    const double flops = shape.flops_a_byte() * 2 * static_cast<double>(shape.bytes());
    const int calls = std::max(1, static_cast<int>(flops_a_round / flops));
    const std::vector<Way> ways = {
        {"own",
         [&] {
             for (int i = 0; i < calls; ++i) own->iterate();
         }},
        {"FFTW's plan alone",
         [&] {
             for (int i = 0; i < calls; ++i) plan.execute();
         }},
    };
    const std::vector<TimedWay> timed = time_in_turns(ways, 3 * ratio_rounds);
    const std::string what =
        fmt::format("{}d {} x {}, {} thread(s)", shape.dimensions, shape.size, shape.batch, threads);
    report.title(fmt::format("fft {}", what));
    report.rates(timed, flops * calls, "FLOP/s");
    constexpr double allowed_ns = 3000;
    constexpr double least_ns = 1;
    const double more_ns = median_difference_ns(timed[1], timed[0]) / calls;
    report.add({.workload = "fft",
                .what = fmt::format("{}: 3 us / what a call takes over FFTW's own plan ({})", what,
                                    format_value(more_ns, "ns")),
                .value = allowed_ns / std::max(more_ns, least_ns),
                .at_least = 1});
    return {};
}

}  // namespace

Result<void> compare_ffts(ThreadPool& pool, RatioReport& report) {
    for (const FftShape& shape :
         {FftShape{.dimensions = 1, .size = 1024, .batch = 1}, FftShape{.dimensions = 1, .size = 4096, .batch = 256},
          FftShape{.dimensions = 2, .size = 512, .batch = 1}}) {
        PASSBENCH_CHECK(compare_shape(shape, 1, pool, report));
        if (pool.size() > 1) PASSBENCH_CHECK(compare_shape(shape, pool.size(), pool, report));
    }
    return {};
}

}  // namespace passbench
