// gemm and gemm-batched beside the libraries called alone, as their manuals show it: both matrices row by row, all threads of the
// library, the core type that suits the CPU.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fma_peak.hpp"
#include "kernels/cpu/gemm_libraries.hpp"

namespace passbench {

namespace {

/// Three matrices of small whole numbers.
struct Matrices {
    std::array<Buffer, 3> buffers;

    static Result<Matrices> make(std::size_t numbers) {
        Matrices matrices;
        for (Buffer& buffer : matrices.buffers) {
            PASSBENCH_TRY(buffer, Buffer::allocate(numbers * sizeof(float)));
            std::size_t i = 0;
            for (float& number : buffer.as<float>()) number = static_cast<float>(i++ % 13) - 6;
        }
        return matrices;
    }
    [[nodiscard]] std::array<float*, 3> numbers() const {
        return {buffers[0].as<float>().data(), buffers[1].as<float>().data(), buffers[2].as<float>().data()};
    }
};

Result<void> compare_size(std::int64_t n, const Value& threads, int rounds, ThreadPool& pool, RatioReport& report) {
    PASSBENCH_TRY(const auto instance, prepare_verified("gemm", {{"n", n}, {"threads", threads}}, pool));
    PASSBENCH_TRY(const GemmLibraries libraries, GemmLibraries::load("best", pool, instance->threads()));
    // Each way has matrices of its own, which none finds in the caches because another one has just used them.
    PASSBENCH_TRY(const Matrices for_onednn, Matrices::make(static_cast<std::size_t>(n * n)));
    PASSBENCH_TRY(const Matrices for_openblas, Matrices::make(static_cast<std::size_t>(n * n)));
    const double flops = 2 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
    constexpr double flops_a_round = 4e8;
    const int calls = std::max(1, static_cast<int>(flops_a_round / flops));
    const auto in_a_row = [calls](auto call) {
        return [calls, call] {
            for (int i = 0; i < calls; ++i) call();
        };
    };
    std::vector<Way> ways = {{fmt::format("gemm: {}", instance->isa()), in_a_row([&] { instance->iterate(); })}};
    const auto size = static_cast<int>(n);
    if (libraries.onednn) {
        ways.push_back(
            {"oneDNN alone", in_a_row([=, m = for_onednn.numbers(), sgemm = libraries.onednn->calls().dnnl_sgemm] {
                 sgemm('N', 'N', n, n, n, 1, m[0], n, m[1], n, 0, m[2], n);
             })});
    }
    if (libraries.openblas) {
        ways.push_back({"OpenBLAS alone",
                        in_a_row([=, m = for_openblas.numbers(), sgemm = libraries.openblas->calls().cblas_sgemm] {
                            sgemm(blas_row_major, blas_as_it_is, blas_as_it_is, size, size, size, 1, m[0], size, m[1],
                                  size, 0, m[2], size);
                        })});
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, rounds);
    const InstanceLimit peak = fma_peak_limit(pool, instance->threads());
    report.title(fmt::format("gemm f32, n = {}, {} thread(s)", n, instance->threads()));
    report.rates(timed, flops * calls, "FLOP/s");
    constexpr double ns_a_second = 1e9;
    report.line(fmt::format("{} of {}", format_percent(flops * calls / median_ns(timed[0]) * ns_a_second / peak.value),
                            peak.formula));
    std::size_t best = 1;
    for (std::size_t i = 2; i < timed.size(); ++i) {
        if (median_ns(timed[i]) < median_ns(timed[best])) best = i;
    }
    report.add({.workload = "gemm",
                .what = fmt::format("f32, n = {}, {} thread(s): gemm / {}", n, instance->threads(), timed[best].name),
                .value = median_speed(timed[0], timed[best]),
                .at_least = 0.98});
    return {};
}

Result<void> compare_batch(std::int64_t n, ThreadPool& pool, RatioReport& report) {
    std::vector<std::unique_ptr<WorkloadInstance>> instances;
    std::vector<Way> ways;
    for (const char* library : {"own", "onednn", "openblas"}) {
        PASSBENCH_TRY(auto instance, prepare_verified("gemm-batched", {{"n", n}, {"library", library}}, pool));
        ways.push_back(
            {fmt::format("gemm-batched: {}", instance->isa()), [body = instance.get()] { body->iterate(); }});
        instances.push_back(std::move(instance));
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    constexpr double batch = 1024;
    const auto size = static_cast<double>(n);
    report.title(fmt::format("gemm-batched, 1024 x n = {}, {} thread(s)", n, pool.size()));
    report.rates(timed, 2 * size * size * size * batch, "FLOP/s");
    for (const std::size_t library : {1U, 2U}) {
        report.add({.workload = "gemm-batched",
                    .what = fmt::format("n = {}, {} thread(s): own loops / {}", n, pool.size(),
                                        library == 1 ? "oneDNN" : "OpenBLAS"),
                    .value = median_speed(timed[0], timed[library]),
                    .at_least = std::nullopt});
    }
    return {};
}

}  // namespace

Result<void> compare_gemm(ThreadPool& pool, RatioReport& report) {
    constexpr int rounds_of_large = 9;
    std::vector<Value> threads = {Value(std::int64_t{1})};
    if (pool.size() > 1) threads.emplace_back("all");
    for (const Value& each : threads) {
        for (const std::int64_t n : {256, 1024}) PASSBENCH_CHECK(compare_size(n, each, ratio_rounds, pool, report));
        PASSBENCH_CHECK(compare_size(2048, each, rounds_of_large, pool, report));
    }
    for (const std::int64_t n : {4, 16, 32, 64}) PASSBENCH_CHECK(compare_batch(n, pool, report));
    return {};
}

}  // namespace passbench
