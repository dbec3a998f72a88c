#include "kernels/cpu/fma_peak.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "kernels/cpu/loops.hpp"

namespace passbench {

namespace {

constexpr std::int64_t flops_a_burst = std::int64_t{1} << 26;  // of one thread
constexpr std::int64_t flops_a_step_and_lane = 2;
constexpr std::int64_t steps_a_pair = 2;
constexpr int bursts = 24;
constexpr std::size_t most_lanes = widest_register_bytes / sizeof(float);

struct alignas(widest_register_bytes) Worker {
    std::array<float, fma_accumulators * most_lanes> start;
    std::array<float, fma_accumulators * most_lanes> result;
    std::array<float, most_lanes> multiplier;
    std::array<float, most_lanes> odd;
    std::array<float, most_lanes> even;
};

}  // namespace

double measure_fma_peak(ThreadPool& pool, int threads, Isa isa) {
    const LoopTable& loops = loops_of(isa);
    const auto lanes = static_cast<std::int64_t>(loops.register_bytes / sizeof(float));
    const std::int64_t pairs =
        flops_a_burst / (steps_a_pair * flops_a_step_and_lane * lanes * static_cast<std::int64_t>(fma_accumulators));
    const std::int64_t flops =
        pairs * steps_a_pair * flops_a_step_and_lane * lanes * static_cast<std::int64_t>(fma_accumulators);
    // v = 2 - v; v = 3 - v: the numbers stay small.
    std::vector<Worker> workers(static_cast<std::size_t>(threads));
    for (Worker& worker : workers) {
        worker.start.fill(1);
        worker.multiplier.fill(-1);
        worker.odd.fill(2);
        worker.even.fill(3);
    }
    const std::function<void(int)> burst = [&](int index) {
        Worker& worker = workers[static_cast<std::size_t>(index)];
        loops.fma_f32({.start = worker.start.data(),
                       .multiplier = worker.multiplier.data(),
                       .odd = worker.odd.data(),
                       .even = worker.even.data(),
                       .result = worker.result.data()},
                      pairs);
    };
    std::int64_t best_ns = INT64_MAX;
    for (int i = 0; i < bursts; ++i) {
        const std::int64_t begin = steady_ns();
        pool.run(threads, burst);
        best_ns = std::min(best_ns, steady_ns() - begin);
    }
    constexpr double ns_per_s = 1e9;
    return static_cast<double>(flops * threads) / static_cast<double>(best_ns) * ns_per_s;
}

InstanceLimit fma_peak_limit(ThreadPool& pool, int threads) {
    const CpuFeatures cpu = detect_cpu();
    Isa fastest = Isa::sse2;
    double peak = 0;
    // The widest registers need not be the fastest: some CPUs lower their clock for them.
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (!supports(cpu, isa) || (isa == Isa::sse2 && supports(cpu, Isa::avx2))) continue;
        const double flops = measure_fma_peak(pool, threads, isa);
        if (flops <= peak) continue;
        peak = flops;
        fastest = isa;
    }
    return {.value = peak,
            .kind = LimitKind::measured,
            .metric = "flops",
            .formula = fmt::format("{} of multiply-adds in registers by {} thread{} ({})", format_value(peak, "FLOP/s"),
                                   threads, threads == 1 ? "" : "s", to_string(fastest))};
}

}  // namespace passbench
