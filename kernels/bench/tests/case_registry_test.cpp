#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>
#include <thread>

#include <benchmark/benchmark.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kernels/bench/cases.hpp"

namespace passbench {
namespace {

/// What the body did, in order: p prepare, v verify, i iterate.
std::string& history() {
    static std::string text;
    return text;
}

class Recorded : public WorkloadInstance {
public:
    void iterate() override {
        history() += 'i';
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    [[nodiscard]] std::int64_t ops() const override { return 4; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "sse2"; }
    [[nodiscard]] Result<void> verify() override {
        history() += 'v';
        return {};
    }
    [[nodiscard]] Result<void> check_results() const override { return {}; }
    [[nodiscard]] std::span<std::byte> results() override { return {}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }
};

class WithWrongResults final : public Recorded {
    [[nodiscard]] Result<void> verify() override {
        return fail({.code = ErrorCode::verify_failed, .what = "element 3 is 7 where 9 is right"});
    }
};

using Prepared = Result<std::unique_ptr<WorkloadInstance>>;

Prepared prepare_recorded(const Parameters& /*parameters*/, const InstanceContext& /*context*/) {
    history() += 'p';
    return std::make_unique<Recorded>();
}
Prepared prepare_wrong(const Parameters& /*parameters*/, const InstanceContext& /*context*/) {
    return std::make_unique<WithWrongResults>();
}
Prepared prepare_unsupported(const Parameters& /*parameters*/, const InstanceContext& /*context*/) {
    return fail({.code = ErrorCode::unsupported, .what = "this CPU lacks it"});
}

constexpr WorkloadForm recorded = {.workload = "recorded", .form = Form::cpu, .prepare = &prepare_recorded};
constexpr WorkloadForm wrong = {.workload = "wrong", .form = Form::cpu, .prepare = &prepare_wrong};
constexpr WorkloadForm unsupported = {.workload = "unsupported", .form = Form::cpu, .prepare = &prepare_unsupported};

/// Runs one case under Google Benchmark and returns the entries of its JSON report: the form in which all versions agree.
nlohmann::json run(const WorkloadForm& form, const Work& work, int repetitions = 1) {
    history().clear();
    ThreadPool pool({usable_cpus().front()});
    CaseRegistry registry(pool);
    benchmark::ClearRegisteredBenchmarks();
    registry.add({.form = &form, .parameters = {{"bytes", std::int64_t{4096}}}, .work = work});
    std::string program = "test";
    std::string shortest = "--benchmark_min_time=0.01";
    std::string repeated = "--benchmark_repetitions=" + std::to_string(repetitions);
    std::array<char*, 3> arguments = {program.data(), shortest.data(), repeated.data()};
    int count = arguments.size();
    benchmark::Initialize(&count, arguments.data());
    std::ostringstream out;
    benchmark::JSONReporter reporter;
    reporter.SetOutputStream(&out);
    reporter.SetErrorStream(&out);
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return nlohmann::json::parse(out.str()).at("benchmarks");
}

TEST(CaseRegistry, PreparesAndVerifiesOnceBeforeAnyTimedIteration) {
    const auto entries = run(recorded, {}, 3);
    ASSERT_GE(entries.size(), 3U);  // and the aggregates
    EXPECT_EQ(entries[0].at("name"), "recorded/cpu?bytes=4096/manual_time");
    EXPECT_EQ(history().substr(0, 3), "pvi");
    EXPECT_EQ(std::ranges::count(history(), 'v'), 1);
    EXPECT_EQ(std::ranges::count(history(), 'p'), 1);
}

TEST(CaseRegistry, CountersAreRatesOfTheTimedWork) {
    const auto entries = run(recorded, {.bytes = 1000, .flops = 10, .items = 0});
    ASSERT_EQ(entries.size(), 1U);
    const double seconds_per_iteration = entries[0].at("real_time").get<double>() / 1e9;
    EXPECT_GE(seconds_per_iteration, 1e-3);
    EXPECT_NEAR(entries[0].at("bandwidth").get<double>(), 4 * 1000 / seconds_per_iteration, 1);
    EXPECT_NEAR(entries[0].at("flops").get<double>(), 4 * 10 / seconds_per_iteration, 1);
    EXPECT_NEAR(entries[0].at("seconds_per_op").get<double>(), seconds_per_iteration / 4, 1e-6);
    EXPECT_EQ(entries[0].at("label"), "sse2, 1 thread");
}

TEST(CaseRegistry, WorkThatACaseDoesNotHaveIsNoCounter) {
    const auto entries = run(recorded, {.bytes = 0, .flops = 0, .items = 1});
    EXPECT_FALSE(entries.at(0).contains("bandwidth"));
    EXPECT_FALSE(entries.at(0).contains("flops"));
}

TEST(CaseRegistry, WrongResultsAreAnErrorAndNeverATime) {
    const auto entries = run(wrong, {});
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].at("error_occurred"), true);
    EXPECT_NE(entries[0].at("error_message").get<std::string>().find("element 3 is 7 where 9 is right"),
              std::string::npos);
    EXPECT_EQ(history(), "");
}

TEST(CaseRegistry, WhatThisMachineCannotDoIsSkippedInItsOwnWords) {
    const auto entries = run(unsupported, {});
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_NE(entries[0].at("error_message").get<std::string>().find("this CPU lacks it"), std::string::npos);
}

TEST(DefaultCases, AreOfEveryWorkloadWithNamesOfTheirOwn) {
    std::set<std::string> names;
    std::set<std::string_view> seen;
    for (const BenchCase& what : default_cases()) {
        EXPECT_TRUE(names.insert(name_of(what)).second) << name_of(what);
        seen.insert(what.form->workload);
    }
    for (const WorkloadForm& form : workload_forms()) EXPECT_TRUE(seen.contains(form.workload)) << form.workload;
    EXPECT_TRUE(names.contains("copy/cpu?bytes=4096&isa=best&method=memcpy&threads=1"));
}

}  // namespace
}  // namespace passbench
