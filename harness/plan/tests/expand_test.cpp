#include "harness/plan/expand.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Expansion, GoesByTableThenByAxisNameWithTheLastFastest) {
    const Plan plan = plan_of(R"(
[[case]]
workload = "dispatch"
axes = { wait = ["spin", "block"] }
[[case]]
workload = "fma"
forms = ["cpu"]
axes = { threads = [2, 1], isa = ["sse2", "avx2"], precision = "f64" }
)");
    EXPECT_THAT(names_of(plan),
                ElementsAre("dispatch/cpu?wait=spin", "dispatch/cpu?wait=block",
                            "fma/cpu?isa=sse2&precision=f64&threads=2", "fma/cpu?isa=sse2&precision=f64&threads=1",
                            "fma/cpu?isa=avx2&precision=f64&threads=2", "fma/cpu?isa=avx2&precision=f64&threads=1"));
}

TEST(Expansion, WritesOutDefaultsWorkAndVersion) {
    const Plan plan = plan_of("[[case]]\nworkload = \"copy\"\n");
    ASSERT_EQ(plan.cases.size(), 2U);
    EXPECT_EQ(plan.cases[1].name, "copy/cuda?by=engine&bytes=67108864&direction=h2d&host=pinned&queue=single");
    const PlannedCase& copy = plan.cases[0];
    EXPECT_EQ(copy.name, "copy/cpu?bytes=67108864&isa=best&method=memcpy&threads=all");
    EXPECT_EQ(copy.work.bytes, 67108864);
    EXPECT_EQ(copy.workload_version, 2);
    EXPECT_THAT(copy.gates, IsEmpty());
}

TEST(Expansion, DropsAnAxisThatAFormDoesNotHave) {
    const Plan plan = plan_of("[[case]]\nworkload = \"fma\"\naxes = { threads = [1, 2] }\n");
    EXPECT_THAT(names_of(plan), ElementsAre("fma/cpu?isa=best&precision=f32&threads=1",
                                            "fma/cpu?isa=best&precision=f32&threads=2", "fma/cuda?precision=f32"));
}

TEST(Expansion, MergesWhatWouldDoTheSame) {
    const std::string text =
        "[[case]]\nworkload = \"stream\"\nforms = [\"cpu\"]\naxes = { op = [\"triad\", \"dot\"], stores = [\"plain\", "
        "\"nontemporal\"] "
        "}\n";
    const Plan plan = plan_of(text);
    EXPECT_EQ(plan.cases.size(), 3U);
    EXPECT_THAT(plan_notes(scenario_of(text), plan, Scale::full),
                ElementsAre("1 of 4 combinations would do the same as another and are merged with it."));
}

TEST(Expansion, RefusesACaseThatTwoTablesName) {
    const auto plan = make_plan(scenario_of("[[case]]\nworkload = \"fma\"\n[[case]]\nworkload = \"fma\"\n"
                                            "axes = { precision = [\"f64\", \"f32\"] }\n"),
                                Scale::full);
    ASSERT_FALSE(plan);
    EXPECT_EQ(to_text(plan.error()),
              to_text({.code = ErrorCode::scenario,
                       .what = "the case fma/cpu?isa=best&precision=f32&threads=all is named twice",
                       .where = "s.toml:4:1",
                       .fix = "The table at s.toml:2:1 names it too; take it out of one of them."}));
}

TEST(Expansion, RefusesTooManyCasesNamingTheCountAndTheAxis) {
    Scenario scenario = scenario_of(
        "[[case]]\nworkload = \"dispatch\"\n[[case]]\nworkload = \"stream\"\n"
        "forms = [\"cpu\"]\naxes = { op = [\"triad\", \"add\"] }\n");
    for (std::int64_t i = 1; i <= 1000; ++i) {
        scenario.cases[1].axes["threads"].emplace_back(i);
        if (i <= 60) scenario.cases[1].axes["bytes"].emplace_back(4096 * i);
    }
    const auto plan = make_plan(scenario, Scale::full);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().where, "s.toml:4:1");
    EXPECT_EQ(plan.error().what, "this scenario expands to 120001 cases, more than 100000");
    EXPECT_EQ(plan.error().fix,
              "This table makes 120000 of them. The axis 'threads' has 1000 values. "
              "Give its axes fewer values.");
}

TEST(Expansion, CountsWithoutOverflow) {
    Scenario scenario = scenario_of("[[case]]\nworkload = \"stream\"\n");
    for (const char* axis : {"bytes", "threads", "op", "stores", "isa"}) {
        scenario.cases[0].axes[axis] = std::vector<Value>(100'000, Value(std::int64_t{1}));
    }
    EXPECT_EQ(count_combinations(scenario), std::numeric_limits<std::size_t>::max());
    EXPECT_FALSE(make_plan(scenario, Scale::full));
}

TEST(Loads, MakeEachCaseAgainBesideEachOfTheirLevelsWithoutItsGates) {
    const Plan plan = plan_of(R"(
arms = ["a", "b"]
[[case]]
workload = "fma"
forms = ["cuda", "cpu"]
axes = { threads = 1 }
gate = [{ metric = "wall", budget = "3 %" }]
[load]
cpu = [0, 2]
gpu = 1
)");
    EXPECT_THAT(
        names_of(plan),
        ElementsAre("fma/cuda?precision=f32", "fma/cuda?load.cpu=2&precision=f32", "fma/cuda?load.gpu=1&precision=f32",
                    "fma/cpu?isa=best&precision=f32&threads=1", "fma/cpu?isa=best&load.cpu=2&precision=f32&threads=1",
                    "fma/cpu?isa=best&load.gpu=1&precision=f32&threads=1"));
    EXPECT_FALSE(plan.cases[0].load);
    EXPECT_EQ(plan.cases[1].load, (Load{.kind = LoadKind::cpu, .level = 2}));
    EXPECT_EQ(plan.cases[0].gates.size(), 1U);
    EXPECT_EQ(plan.cases[1].gates.size(), 0U);
    EXPECT_EQ(plan.cases[1].parameters, plan.cases[0].parameters);
    EXPECT_EQ(plan.cases[1].work, plan.cases[0].work);
}

TEST(Loads, CountAsCombinationsAndAreNotMerged) {
    const Scenario scenario = scenario_of("[[case]]\nworkload = \"dispatch\"\n[load]\nmemory = [1, 2]\n");
    EXPECT_EQ(count_combinations(scenario), 3U);
    const auto plan = make_plan(scenario, Scale::full);
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan_notes(scenario, *plan, Scale::full), testing::IsEmpty());
}

TEST(ScaleSmall, CapsSizesAndMergesWhatBecomesTheSame) {
    const Plan plan = plan_of(R"(
[[case]]
workload = "copy"
forms = ["cpu"]
axes = { bytes = ["4 KiB", "64 MiB", "128 MiB"] }
[[case]]
workload = "copy"
forms = ["cpu"]
axes = { bytes = "256 MiB" }
)",
                              Scale::small);
    EXPECT_THAT(names_of(plan), ElementsAre("copy/cpu?bytes=4096&isa=best&method=memcpy&threads=all",
                                            "copy/cpu?bytes=1048576&isa=best&method=memcpy&threads=all"));
    EXPECT_EQ(plan.cases[1].work.bytes, 1048576);
}

}  // namespace
}  // namespace passbench
