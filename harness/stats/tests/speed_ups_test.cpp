#include "harness/stats/speed_ups.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"

namespace passbench {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// Cases of both forms and their block values, as analyze() hands them over.
class Cases {
public:
    explicit Cases(std::vector<std::string> arms, int blocks = 8) : blocks_(blocks) {
        plan.arms = std::move(arms);
        plan.design.looks = {blocks};
        plan.blocks.resize(static_cast<std::size_t>(blocks));
    }

    /// A case with `wall_ns(block)` in every arm; no value where that is below zero. Returns its name.
    std::string add(std::string_view workload, Form form, const Parameters& given,
                    const std::function<double(int block)>& wall_ns, double transfers_ns = -1) {
        const Workload& row = *find_workload(workload);
        PlannedCase planned;
        planned.workload = workload;
        planned.form = form;
        planned.parameters = complete_parameters(row, form, given).value();
        planned.name = case_name(workload, form, planned.parameters);
        planned.work = row.work(planned.parameters);
        for (const std::string& arm : plan.arms) {
            for (int block = 0; block < blocks_; ++block) {
                if (wall_ns(block) >= 0) add_value(planned.name, arm, "wall", block, wall_ns(block));
                if (transfers_ns >= 0) add_value(planned.name, arm, "transfers", block, transfers_ns);
            }
        }
        plan.cases.push_back(planned);
        return planned.name;
    }
    [[nodiscard]] std::vector<SpeedUp> speed_ups() const { return find_speed_ups(plan, values, 0.95); }

    Plan plan;
    std::vector<BlockValue> values;

private:
    void add_value(const std::string& name, const std::string& arm, const std::string& metric, int block,
                   double value) {
        values.push_back({.case_name = name, .metric = metric, .arm = arm, .block = block, .value = value});
    }

    int blocks_;
};

std::function<double(int)> always(double ns) {
    return [ns](int) { return ns; };
}

Parameters size(std::int64_t n) { return {{"n", n}}; }

TEST(SpeedUps, HoldADeviceAgainstTheFastestCpuCaseOfTheSameWork) {
    Cases run({"native"});
    Parameters one_thread = size(512);
    one_thread["threads"] = std::int64_t{1};
    run.add("gemm", Form::cpu, one_thread, always(8000));
    const std::string fastest = run.add("gemm", Form::cpu, size(512), always(4000));
    run.add("gemm", Form::cpu, size(256), always(1));  // other work
    const std::string cuda = run.add("gemm", Form::cuda, size(512), always(100), 300);
    const auto speed_ups = run.speed_ups();
    ASSERT_THAT(speed_ups, SizeIs(1));
    const SpeedUp& found = speed_ups[0];
    EXPECT_EQ(found.case_name, cuda);
    EXPECT_EQ(found.cpu_case, fastest);
    EXPECT_EQ(found.cpu_cases, 2);
    EXPECT_EQ(found.blocks, 8);
    EXPECT_EQ(found.why, "");
    ASSERT_THAT(found.numbers, SizeIs(2));
    EXPECT_EQ(found.numbers[0].name, "alone");
    EXPECT_NEAR(*found.numbers[0].value, 40, 1e-9);
    EXPECT_NEAR(*found.numbers[0].lo, 40, 1e-9);
    EXPECT_GE(found.numbers[0].confidence, 0.95);
    EXPECT_EQ(found.numbers[1].name, "with_transfers");
    EXPECT_NEAR(*found.numbers[1].value, 10, 1e-9);
}

TEST(SpeedUps, PairTheBlocksSoThatAClockThatMovesBothDoesNotWidenThem) {
    Cases run({"native"});
    run.add("gemm", Form::cpu, size(512), [](int block) { return 4000.0 * (1 + block); });
    run.add("gemm", Form::cuda, size(512), [](int block) { return 100.0 * (1 + block); });
    const auto speed_ups = run.speed_ups();
    ASSERT_THAT(speed_ups, SizeIs(1));
    EXPECT_NEAR(*speed_ups[0].numbers[0].lo, 40, 1e-9);
    EXPECT_NEAR(*speed_ups[0].numbers[0].hi, 40, 1e-9);
}

TEST(SpeedUps, AreOfOneArmEach) {
    Cases run({"native", "dda"});
    run.add("gemm", Form::cpu, size(512), always(4000));
    run.add("gemm", Form::cuda, size(512), always(100));
    for (BlockValue& value : run.values) {
        if (value.arm == "dda" && value.case_name.find("cuda") != std::string::npos) value.value *= 2;
    }
    const auto speed_ups = run.speed_ups();
    ASSERT_THAT(speed_ups, SizeIs(2));
    EXPECT_EQ(speed_ups[0].arm, "native");
    EXPECT_NEAR(*speed_ups[0].numbers[0].value, 40, 1e-9);
    EXPECT_EQ(speed_ups[1].arm, "dda");
    EXPECT_NEAR(*speed_ups[1].numbers[0].value, 20, 1e-9);
}

TEST(SpeedUps, AreNoneWithoutACpuCaseOfTheSameWorkAndWhereTheFormsDoOtherThings) {
    Cases run({"native"});
    run.add("gemm", Form::cuda, size(512), always(100));
    run.add("copy", Form::cpu, {{"bytes", "1 MiB"}}, always(100));
    run.add("copy", Form::cuda, {{"bytes", "1 MiB"}}, always(100));
    EXPECT_THAT(run.speed_ups(), IsEmpty());
}

TEST(SpeedUps, AreOfCasesWithNothingBesideThem) {
    Cases run({"native"});
    run.add("gemm", Form::cpu, size(512), always(4000));
    run.add("gemm", Form::cuda, size(512), always(100));
    run.plan.cases[0].load = Load{};
    EXPECT_THAT(run.speed_ups(), IsEmpty());
    run.plan.cases[0].load.reset();
    run.plan.cases[1].load = Load{};
    EXPECT_THAT(run.speed_ups(), IsEmpty());
}

TEST(SpeedUps, SayWhyThereIsNoNumber) {
    Cases run({"native"});
    run.add("gemm", Form::cpu, size(512), always(-1));
    run.add("gemm", Form::cuda, size(512), always(100));
    run.add("gemm", Form::cpu, size(256), always(100));
    run.add("gemm", Form::cuda, size(256), always(-1));
    const auto speed_ups = run.speed_ups();
    ASSERT_THAT(speed_ups, SizeIs(2));
    EXPECT_EQ(speed_ups[0].why, "no cpu case of the same work has a value");
    EXPECT_EQ(speed_ups[1].why, "the cuda case has no value");
    EXPECT_THAT(speed_ups[0].numbers, IsEmpty());
}

TEST(SpeedUps, OfFewBlocksHaveAValueAndSayWhatAnIntervalNeeds) {
    Cases run({"native"}, 3);
    run.add("gemm", Form::cpu, size(512), always(4000));
    run.add("gemm", Form::cuda, size(512), always(100));
    const auto speed_ups = run.speed_ups();
    ASSERT_THAT(speed_ups, SizeIs(1));
    EXPECT_NEAR(*speed_ups[0].numbers[0].value, 40, 1e-9);
    EXPECT_FALSE(speed_ups[0].numbers[0].lo);
    EXPECT_EQ(speed_ups[0].numbers[0].why, "3 blocks measured; an interval needs 6");
}

}  // namespace
}  // namespace passbench
