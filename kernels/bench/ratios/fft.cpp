// fft beside a plan of FFTW's that is executed without anything of ours around it.
#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fftw.hpp"

namespace passbench {

namespace {

/// A plan with the arrays it works on.
struct PlanAlone {
    using Point = std::complex<float>;

    static Result<PlanAlone> make(const FftShape& shape, int threads, ThreadPool& pool) {
        PlanAlone alone;
        PASSBENCH_TRY(const auto library, Fftw::load());
        PASSBENCH_TRY(alone.in, Buffer::allocate(shape.bytes()));
        PASSBENCH_TRY(alone.out, Buffer::allocate(shape.bytes()));
        PASSBENCH_TRY(auto plan,
                      FftwPlan::make(library, shape, alone.in.as<Point>(), alone.out.as<Point>(), pool, threads));
        alone.plan = std::make_unique<FftwPlan>(std::move(plan));
        const FftInputs inputs(1, shape);
        inputs.fill(alone.in.as<Point>(), {0, shape.all_points()});
        return alone;
    }

    Buffer in;
    Buffer out;
    std::unique_ptr<FftwPlan> plan;
};

constexpr int rounds_of_pairs = 25;

Result<void> compare_shape(const FftShape& shape, int threads, ThreadPool& pool, RatioReport& report) {
    const Parameters parameters = {{"dims", shape.dimensions == 2 ? "2d" : "1d"},
                                   {"size", static_cast<std::int64_t>(shape.size)},
                                   {"batch", static_cast<std::int64_t>(shape.batch)},
                                   {"threads", std::int64_t{threads}}};
    // Pairs in turn: where in memory its arrays lie makes one plan faster than its twin by more than what is looked for.
    constexpr std::size_t pairs = 8;
    std::vector<std::unique_ptr<WorkloadInstance>> own(pairs);
    std::vector<PlanAlone> alone(pairs);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        PASSBENCH_TRY(own[pair], prepare_verified("fft", parameters, pool));
        PASSBENCH_TRY(alone[pair], PlanAlone::make(shape, threads, pool));
    }
    // So many in a row that the clock does not count.
    constexpr double flops_a_round = 2e7;
    const double flops = shape.flops_a_byte() * 2 * static_cast<double>(shape.bytes());
    const int calls = std::max(1, static_cast<int>(flops_a_round / flops));
    std::size_t turn_of_own = 0;
    std::size_t turn_of_plan = 0;
    const std::vector<Way> ways = {
        {"own",
         [&] {
             WorkloadInstance& instance = *own[turn_of_own++ % pairs];
             for (int i = 0; i < calls; ++i) instance.iterate();
         }},
        {"FFTW's plan alone",
         [&] {
             const FftwPlan& plan = *alone[turn_of_plan++ % pairs].plan;
             for (int i = 0; i < calls; ++i) plan.execute();
         }},
    };
    // In a round both ways take the same pair, after the same time.
    const std::vector<TimedWay> timed = time_in_turns(ways, rounds_of_pairs * static_cast<int>(pairs));
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
