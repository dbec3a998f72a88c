// The limits of this machine: what they are called, and that no value exceeds a physical one. These tests measure.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "harness/core/clock.hpp"
#include "kernels/cpu/core_clock.hpp"
#include "kernels/cpu/fma_units.hpp"
#include "kernels/cpu/onednn.hpp"
#include "kernels/cpu/topology.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

std::unique_ptr<WorkloadInstance> prepare(const std::string& workload, const Parameters& given, ThreadPool& pool) {
    const auto complete = complete_parameters(*find_workload(workload), Form::cpu, given);
    EXPECT_TRUE(complete);
    auto instance = find_workload_form(workload, Form::cpu)->prepare(*complete, {.pool = pool, .seed = 1});
    EXPECT_TRUE(instance) << (instance ? "" : instance.error().what);
    return std::move(*instance);
}

double best_seconds(WorkloadInstance& instance, int iterations) {
    std::int64_t best_ns = INT64_MAX;
    for (int i = 0; i < iterations; ++i) {
        const std::int64_t begin = steady_ns();
        instance.iterate();
        best_ns = std::min(best_ns, steady_ns() - begin);
    }
    return static_cast<double>(best_ns) / 1e9;
}

TEST(CoreClock, IsThatOfAProcessorAndRepeats) {
    const auto best = [] {
        double hz = 0;
        for (int window = 0; window < 100; ++window) hz = std::max(hz, measure_core_clock_hz());
        return hz;
    };
    const double first = best();
    EXPECT_GT(first, 0.5e9);
    EXPECT_LT(first, 7e9);
    EXPECT_NEAR(best() / first, 1, 0.2);
}

TEST(FmaLimit, EvenTheFastestIterationStaysWithinTwoPerCentOfThePhysicalLimit) {
    const CpuFeatures cpu = detect_cpu();
    ThreadPool pool(usable_cpus());
    for (const Isa isa : {Isa::avx2, Isa::avx512}) {
        if (!supports(cpu, isa) || !fma_units(cpu, isa)) continue;
        for (const char* precision : {"f32", "f64"}) {
            const auto instance =
                prepare("fma", {{"isa", std::string(to_string(isa))}, {"precision", precision}}, pool);
            ASSERT_TRUE(instance->verify());
            const double seconds = best_seconds(*instance, 30);
            const auto limit = instance->limit();
            ASSERT_TRUE(limit && limit->has_value());
            const int cores = read_topology(pool.cpus()).cores.value_or(pool.size());
            EXPECT_EQ((*limit)->kind, fma_limit_kind(cpu, cores, pool.size()));
            if ((*limit)->kind != LimitKind::physical) continue;
            EXPECT_EQ((*limit)->metric, "flops");
            const double flops = static_cast<double>(instance->ops() << 20) / seconds;
            EXPECT_LE(flops, 1.02 * (*limit)->value) << (*limit)->formula;
            EXPECT_TRUE(instance->check_results()) << "measuring the limit must leave the results alone";
        }
    }
}

TEST(FmaLimit, TheFormulaShowsItsNumbers) {
    const CpuFeatures cpu = detect_cpu();
    if (!supports(cpu, Isa::avx2) || !fma_units(cpu, Isa::avx2)) GTEST_SKIP() << "no units known for this CPU";
    ThreadPool pool({usable_cpus().front()});
    const auto instance = prepare("fma", {{"isa", "avx2"}, {"precision", "f64"}}, pool);
    const auto limit = instance->limit();
    ASSERT_TRUE(limit && limit->has_value());
    const std::string tail = " GHz x " + std::to_string(*fma_units(cpu, Isa::avx2) * 4 * 2) + " FLOP/cycle x 1 thread";
    EXPECT_TRUE((*limit)->formula.ends_with(tail)) << (*limit)->formula;
}

TEST(FmaLimit, Sse2HasNoneButSaysWhy) {
    ThreadPool pool({usable_cpus().front()});
    const auto limit = prepare("fma", {{"isa", "sse2"}}, pool)->limit();
    ASSERT_TRUE(limit && limit->has_value());
    EXPECT_EQ((*limit)->kind, LimitKind::none);
    EXPECT_TRUE((*limit)->formula.starts_with("no limit: ")) << (*limit)->formula;
}

TEST(StreamLimit, ASmallFootprintHasNoneAndALargeOneTheReadBandwidth) {
    ThreadPool pool(usable_cpus());
    const auto small = prepare("stream", {{"bytes", std::int64_t{4096}}}, pool)->limit();
    ASSERT_TRUE(small && small->has_value());
    EXPECT_EQ((*small)->kind, LimitKind::none);
    EXPECT_TRUE((*small)->formula.starts_with("no limit: 12 KiB are under 4 x ")) << (*small)->formula;

    const auto llc_bytes = read_topology(pool.cpus()).llc_bytes;
    if (!llc_bytes || *llc_bytes > (std::int64_t{64} << 20)) GTEST_SKIP() << "a cache too large for a quick test";
    const auto instance = prepare("stream", {{"bytes", 4 * *llc_bytes / 3 + 8 - (4 * *llc_bytes / 3) % 8}}, pool);
    ASSERT_TRUE(instance->verify());
    const auto large = instance->limit();
    ASSERT_TRUE(large && large->has_value());
    EXPECT_EQ((*large)->kind, LimitKind::measured);
    EXPECT_EQ((*large)->metric, "bandwidth");
    EXPECT_GT((*large)->value, 1e9);
    EXPECT_NE((*large)->formula.find(" GB/s read by " + std::to_string(pool.size()) + " thread"), std::string::npos)
        << (*large)->formula;
    EXPECT_TRUE(instance->check_results()) << "measuring the limit must leave the results alone";
}

TEST(CopyLimit, IsHalfOfTheReadBandwidthForEachByteIsReadAndWritten) {
    ThreadPool pool(usable_cpus());
    const auto llc_bytes = read_topology(pool.cpus()).llc_bytes;
    if (!llc_bytes || *llc_bytes > (std::int64_t{64} << 20)) GTEST_SKIP() << "a cache too large for a quick test";
    const auto instance = prepare("copy", {{"bytes", 2 * *llc_bytes}}, pool);
    const auto limit = instance->limit();
    ASSERT_TRUE(limit && limit->has_value());
    EXPECT_EQ((*limit)->kind, LimitKind::measured);
    EXPECT_TRUE((*limit)->formula.ends_with(" / 2")) << (*limit)->formula;
    const auto small = prepare("copy", {{"bytes", 2 * *llc_bytes - 1}}, pool)->limit();
    EXPECT_EQ((*small)->kind, LimitKind::none);
}

TEST(GemmLimit, IsThePeakOfMultiplyAddsInTheSameTrialOrSaysWhyThereIsNone) {
    ThreadPool pool(usable_cpus());
    if (const auto library = Onednn::load(); !library) GTEST_SKIP() << library.error().what;
    const auto instance = prepare("gemm", {{"library", "onednn"}, {"n", std::int64_t{256}}}, pool);
    ASSERT_TRUE(instance->verify());
    const auto limit = instance->limit();
    ASSERT_TRUE(limit && limit->has_value());
    EXPECT_EQ((*limit)->kind, LimitKind::measured);
    EXPECT_EQ((*limit)->metric, "flops");
    EXPECT_GT((*limit)->value, 1e9);
    EXPECT_NE((*limit)->formula.find(" of multiply-adds in registers by "), std::string::npos) << (*limit)->formula;
    EXPECT_TRUE(instance->check_results()) << "measuring the limit must leave the results alone";

    const auto integers = prepare("gemm", {{"precision", "int8"}, {"n", std::int64_t{64}}}, pool)->limit();
    ASSERT_TRUE(integers && integers->has_value());
    EXPECT_EQ((*integers)->kind, LimitKind::none);
    EXPECT_TRUE((*integers)->formula.starts_with("no limit: ")) << (*integers)->formula;
}

TEST(GatherLimit, AtRandomCountsTheLinesThatAreMoved) {
    ThreadPool pool(usable_cpus());
    const auto llc_bytes = read_topology(pool.cpus()).llc_bytes;
    if (!llc_bytes || *llc_bytes > (std::int64_t{64} << 20)) GTEST_SKIP() << "a cache too large for a quick test";
    const auto limit = prepare("gather", {{"bytes", 4 * *llc_bytes}}, pool)->limit();
    ASSERT_TRUE(limit && limit->has_value());
    EXPECT_EQ((*limit)->kind, LimitKind::measured);
    EXPECT_TRUE((*limit)->formula.ends_with(" x 20 of 76 B used")) << (*limit)->formula;
}

TEST(SpmvLimit, HasNoneWhereTheVectorIsTooLargeForTheCacheAndReadAnywhere) {
    ThreadPool pool(usable_cpus());
    const auto llc_bytes = read_topology(pool.cpus()).llc_bytes;
    if (!llc_bytes || *llc_bytes >= (std::int64_t{64} << 20))
        GTEST_SKIP() << "a cache too large for the longest vector";
    const Parameters given = {{"rows", std::int64_t{1} << 22}, {"nonzeros", std::int64_t{1}}, {"matrix", "powerlaw"}};
    const auto limit = prepare("spmv", given, pool)->limit();
    ASSERT_TRUE(limit && limit->has_value());
    EXPECT_EQ((*limit)->kind, LimitKind::none);
    EXPECT_TRUE((*limit)->formula.starts_with("no limit: how much is used of the lines of x, 32 MiB"))
        << (*limit)->formula;
}

TEST(DispatchLimit, ThereIsNone) {
    ThreadPool pool({usable_cpus().front(), usable_cpus().back()});
    const auto limit = prepare("dispatch", {}, pool)->limit();
    ASSERT_TRUE(limit);
    EXPECT_FALSE(limit->has_value());
}

}  // namespace
}  // namespace passbench
