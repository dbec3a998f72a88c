#include "harness/catalogue/workload.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

Work work_of(std::string_view name, const Parameters& given) {
    const Workload& workload = *find_workload(name);
    return workload.work(complete_parameters(workload, Form::cpu, given).value());
}

TEST(Catalogue, HasTheFirstWorkloads) {
    std::vector<std::string_view> names;
    for (const Workload& workload : workloads()) names.push_back(workload.name);
    EXPECT_THAT(names, testing::ElementsAre("stream", "copy", "duplex", "host-chase", "host-read", "fma", "roofline",
                                            "dispatch", "launch", "graph", "event", "control-path", "gemm",
                                            "gemm-batched", "tiny-kernels", "image", "fft", "reduce", "scan",
                                            "histogram", "sort", "spmv", "gather", "managed", "memtest", "burn"));
}

TEST(Catalogue, FindsNothingForAnUnknownName) {
    EXPECT_EQ(find_workload("streem"), nullptr);
    EXPECT_EQ(find_metric(*find_workload("stream"), "latency"), nullptr);
}

TEST(Catalogue, TablesShowRatesFirstWhereThereAreAny) {
    EXPECT_EQ(find_workload("stream")->metrics.front().name, "bandwidth");
    EXPECT_EQ(find_workload("copy")->metrics.front().name, "bandwidth");
    EXPECT_EQ(find_workload("fma")->metrics.front().name, "flops");
    EXPECT_EQ(find_workload("dispatch")->metrics.front().name, "wall");
}

// STREAM's own table of bytes and FLOP an iteration (McCalpin), and dot as BabelStream counts it.
TEST(StreamWork, CountsAsStreamDoes) {
    const std::int64_t elements = mebibyte / 8;
    const auto work = [](std::string_view op) {
        return work_of("stream", {{"op", std::string(op)}, {"bytes", mebibyte}});
    };
    EXPECT_EQ(work("copy"), (Work{.bytes = 2 * mebibyte, .flops = 0, .items = 0}));
    EXPECT_EQ(work("scale"), (Work{.bytes = 2 * mebibyte, .flops = elements, .items = 0}));
    EXPECT_EQ(work("add"), (Work{.bytes = 3 * mebibyte, .flops = elements, .items = 0}));
    EXPECT_EQ(work("triad"), (Work{.bytes = 3 * mebibyte, .flops = 2 * elements, .items = 0}));
    EXPECT_EQ(work("dot"), (Work{.bytes = 2 * mebibyte, .flops = 2 * elements, .items = 0}));
}

TEST(CopyWork, CountsThePayloadOnce) { EXPECT_EQ(work_of("copy", {{"bytes", "1 MiB"}}), (Work{.bytes = mebibyte})); }

TEST(DuplexWork, CountsTheBytesOfBothCopiesOrOfTheOne) {
    EXPECT_EQ(work_of("duplex", {{"bytes", "1 MiB"}}), (Work{.bytes = 2 * mebibyte}));
    EXPECT_EQ(work_of("duplex", {{"bytes", "1 MiB"}, {"with", "compute"}}), (Work{.bytes = mebibyte}));
}

TEST(GraphWork, IsItsNodes) { EXPECT_EQ(work_of("graph", {{"nodes", std::int64_t{37}}}), (Work{.items = 37})); }

TEST(FmaWork, IsTwoToTheTwentyWhateverTheParameters) {
    EXPECT_EQ(work_of("fma", {{"precision", "f64"}, {"threads", std::int64_t{7}}}), (Work{.flops = 1 << 20}));
}

TEST(GemmWork, CountsAMultiplyAndAnAddForEachProduct) {
    EXPECT_EQ(work_of("gemm", {{"n", std::int64_t{100}}, {"precision", "int8"}}), (Work{.flops = 2'000'000}));
}

TEST(GemmBatchedWork, IsThatOfTheWholeBatch) {
    EXPECT_EQ(work_of("gemm-batched", {{"n", std::int64_t{10}}, {"batch", std::int64_t{3}}}), (Work{.flops = 6'000}));
}

TEST(TinyKernelsWork, IsOneKernelOfOneSubtractionAnElement) {
    EXPECT_EQ(work_of("tiny-kernels", {{"elements", std::int64_t{100}}}), (Work{.flops = 100, .items = 1}));
}

TEST(LaunchWork, IsOneLaunch) {
    const Workload& launch = *find_workload("launch");
    EXPECT_EQ(launch.work(complete_parameters(launch, Form::cuda, {}).value()), (Work{.items = 1}));
}

TEST(RooflineWork, IsTheArrayOnceAndSoManyOperationsForEachOfItsBytes) {
    const auto work = [](std::string_view intensity) {
        return work_of("roofline", {{"intensity", std::string(intensity)}, {"bytes", mebibyte}});
    };
    EXPECT_EQ(work("0.25"), (Work{.bytes = mebibyte, .flops = mebibyte / 4, .items = 0}));
    EXPECT_EQ(work("1"), (Work{.bytes = mebibyte, .flops = mebibyte, .items = 0}));
    EXPECT_EQ(work("64"), (Work{.bytes = mebibyte, .flops = 64 * mebibyte, .items = 0}));
}

TEST(FftWork, CountsFiveOperationsForEachPointAndDoubling) {
    const auto work = [](std::string_view dims) {
        return work_of("fft", {{"dims", std::string(dims)}, {"size", std::int64_t{16}}, {"batch", std::int64_t{3}}});
    };
    EXPECT_EQ(work("1d"), (Work{.bytes = 3 * 16 * 16, .flops = 3 * 5 * 16 * 4, .items = 0}));
    EXPECT_EQ(work("2d"), (Work{.bytes = 3 * 256 * 16, .flops = 3 * 5 * 256 * 8, .items = 0}));
}

TEST(ImageWork, IsAFrameThatIsReadAndOneThatIsWritten) {
    EXPECT_EQ(work_of("image", {{"op", "sobel"}}), (Work{.bytes = 2 * 1920 * 1080, .flops = 0, .items = 1}));
    EXPECT_EQ(work_of("image", {{"op", "stencil"}, {"width", std::int64_t{3}}, {"height", std::int64_t{5}}}),
              (Work{.bytes = 120, .flops = 0, .items = 1}));
}

TEST(IntegersWork, CountsEachArrayThatIsReadOrWrittenOnce) {
    constexpr std::int64_t integers = mebibyte / 4;
    EXPECT_EQ(work_of("reduce", {{"bytes", mebibyte}}), (Work{.bytes = mebibyte, .items = integers}));
    EXPECT_EQ(work_of("histogram", {{"bytes", mebibyte}}), (Work{.bytes = mebibyte, .items = integers}));
    EXPECT_EQ(work_of("scan", {{"bytes", mebibyte}}), (Work{.bytes = 3 * mebibyte, .items = integers}));
    EXPECT_EQ(work_of("sort", {{"bytes", mebibyte}}), (Work{.items = integers}));
}

TEST(SpmvWork, CountsMatrixAndVectorsOnceAndTwoOperationsAnElement) {
    const Parameters given = {{"rows", std::int64_t{1000}}, {"nonzeros", std::int64_t{7}}, {"precision", "f64"}};
    EXPECT_EQ(work_of("spmv", given), (Work{.bytes = 7000 * 12 + 1001 * 4 + 2000 * 8, .flops = 14'000}));
}

TEST(GatherWork, IsALoadForEachElementUpToSixteenMebi) {
    EXPECT_EQ(work_of("gather", {{"bytes", mebibyte}}), (Work{.bytes = mebibyte / 8 * 20, .items = mebibyte / 8}));
    EXPECT_EQ(work_of("gather", {{"bytes", "4 GiB"}}).items, 1 << 24);
}

TEST(EventWork, IsOneHandOver) { EXPECT_EQ(work_of("event", {}), (Work{.items = 1})); }

TEST(ControlPathWork, CountsTheMemoryWhereThereIsAny) {
    EXPECT_EQ(work_of("control-path", {{"op", "pinned"}, {"bytes", "1 MiB"}}), (Work{.bytes = mebibyte, .items = 1}));
    EXPECT_EQ(work_of("control-path", {{"op", "context"}}), (Work{.items = 1}));
}

TEST(DispatchWork, IsOneTask) { EXPECT_EQ(work_of("dispatch", {}), (Work{.items = 1})); }

class EveryWorkload : public testing::TestWithParam<std::string_view> {
protected:
    const Workload& workload_ = *find_workload(GetParam());
};

std::vector<std::string_view> all_names() {
    std::vector<std::string_view> names;
    for (const Workload& workload : workloads()) names.push_back(workload.name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryWorkload, testing::ValuesIn(all_names()), [](const auto& test) {
    std::string name(test.param);
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST_P(EveryWorkload, HasDefaultsThatItAccepts) {
    for (const Parameter& parameter : workload_.parameters) {
        EXPECT_EQ(check_value(parameter, parameter.fallback), parameter.fallback) << parameter.name;
    }
}

TEST_P(EveryWorkload, NamesEachParameterAndMetricOnce) {
    std::set<std::string_view> names;
    for (const Parameter& parameter : workload_.parameters) EXPECT_TRUE(names.insert(parameter.name).second);
    names.clear();
    for (const Metric& metric : workload_.metrics) EXPECT_TRUE(names.insert(metric.name).second);
}

TEST_P(EveryWorkload, HasWorkForEachOfItsRates) {
    for (const Form form : workload_.forms) {
        const Work work = workload_.work(complete_parameters(workload_, form, {}).value());
        for (const Metric& metric : workload_.metrics) {
            ASSERT_EQ(metric.kind == MetricKind::rate, metric.per_time != nullptr) << metric.name;
            if (metric.per_time != nullptr) {
                EXPECT_GT(work.*metric.per_time, 0) << metric.name;
            }
        }
    }
}

TEST_P(EveryWorkload, HasPartsThatAreTimesOfItsOwn) {
    for (const std::string_view part : workload_.parts) {
        const Metric* metric = find_metric(workload_, part);
        ASSERT_NE(metric, nullptr) << part;
        EXPECT_EQ(metric->kind, MetricKind::time) << part;
        EXPECT_NE(metric->name, "wall");
    }
}

TEST_P(EveryWorkload, HasALimitForEachOfItsForms) {
    std::vector<Form> limited;
    for (const FormLimit& limit : workload_.limits) {
        limited.push_back(limit.form);
        EXPECT_EQ(limit.formula.empty(), limit.kind == LimitKind::none) << limit.formula;
    }
    EXPECT_EQ(limited, workload_.forms);
}

TEST_P(EveryWorkload, HasConditionsOnWordsThatExist) {
    for (const Parameter& parameter : workload_.parameters) {
        if (!parameter.only_where) continue;
        const Parameter* other = find_parameter(workload_, parameter.only_where->parameter);
        ASSERT_NE(other, nullptr) << parameter.name;
        for (const std::string_view word : parameter.only_where->words) {
            EXPECT_THAT(other->words, testing::Contains(word));
        }
    }
}

TEST_P(EveryWorkload, HasALineOverANumberAndATimeOfItsOwn) {
    if (!workload_.line) return;
    const Parameter* parameter = find_parameter(workload_, workload_.line->parameter);
    const Metric* metric = find_metric(workload_, workload_.line->metric);
    ASSERT_NE(parameter, nullptr);
    EXPECT_GT(parameter->high, parameter->low);
    ASSERT_NE(metric, nullptr);
    EXPECT_EQ(metric->kind, MetricKind::time);
}

TEST(LimitKind, ParsesWhatItWrites) {
    for (const LimitKind kind : {LimitKind::none, LimitKind::measured, LimitKind::physical}) {
        EXPECT_EQ(parse_limit_kind(to_string(kind)), kind);
    }
    EXPECT_FALSE(parse_limit_kind("theoretical"));
}

}  // namespace
}  // namespace passbench
