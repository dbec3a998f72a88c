#include "host/session/bind_arms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Plan plan_with(std::vector<std::string> arms) {
    Plan plan;
    plan.arms = std::move(arms);
    return plan;
}

const HostFacts powersave = {
    {"cpufreq/policy0",
     {{"governor", std::string("powersave")}, {"available_governors", std::string("performance powersave")}}}};

TEST(BindArms, AnArmThatTheLabDoesNotOfferIsNamedWithThoseItOffers) {
    const auto arms = bind_arms(plan_with({"local", "vm-7"}), default_lab(), {});
    ASSERT_FALSE(arms);
    EXPECT_EQ(arms.error().code, ErrorCode::usage);
    EXPECT_THAT(arms.error().what, AllOf(HasSubstr("'vm-7'"), HasSubstr("local, native")));
    EXPECT_THAT(arms.error().fix, HasSubstr("[arm.vm-7]"));
}

TEST(BindArms, PreparationsBecomeStepsOfEveryArm) {
    auto lab = default_lab();
    lab.prepare["cpu_governor"] = "performance";
    const auto arms = bind_arms(plan_with({"local", "native"}), lab, powersave);
    ASSERT_TRUE(arms) << to_text(arms.error());
    for (const auto& arm : *arms) {
        ASSERT_EQ(arm.steps.size(), 1U);
        EXPECT_EQ(arm.steps.front().before, "powersave");
        EXPECT_EQ(arm.steps.front().wanted, "performance");
    }
}

TEST(BindArms, TwoMachinesAreTwoProvidersAndTwoNamesOfOneMachineAreOne) {
    auto lab = default_lab();
    for (const auto& [arm, address] : {std::pair("a", "t4-box"), std::pair("b", "a2-box"), std::pair("c", "t4-box")}) {
        lab.arms[arm] = {.provider = "ssh", .ssh = SshSettings{.address = address}};
    }
    const auto arms = bind_arms(plan_with({"a", "b", "c", "local"}), lab, powersave);
    ASSERT_TRUE(arms) << to_text(arms.error());
    EXPECT_NE((*arms)[0].provider, (*arms)[1].provider);
    EXPECT_EQ((*arms)[0].provider, (*arms)[2].provider);
    EXPECT_EQ((*arms)[0].provider->name(), "ssh");
    EXPECT_EQ((*arms)[1].provider->lease_name(), "ssh://a2-box");
    EXPECT_EQ((*arms)[3].provider->name(), "local");
}

TEST(SameBeginning, AnotherMachineIsAnotherLab) {
    auto lab = default_lab();
    lab.arms["t4"] = {.provider = "ssh", .ssh = SshSettings{.address = "t4-box"}};
    const auto then = begun_with(plan_with({"t4"}), "the scenario", lab);
    lab.arms["t4"].ssh->identity = "another/key";
    EXPECT_TRUE(check_same_beginning(then, begun_with(plan_with({"t4"}), "the scenario", lab)));
    lab.arms["t4"].ssh->address = "a2-box";
    EXPECT_FALSE(check_same_beginning(then, begun_with(plan_with({"t4"}), "the scenario", lab)));
}

TEST(BindArms, ASlowdownIsPlantedIntoASimulatedDeviceAlone) {
    auto lab = default_lab();
    lab.arms["local"].inject_host = 0.04;
    EXPECT_EQ(bind_arms(plan_with({"local"}), lab, powersave).error().code, ErrorCode::unsupported);
    EXPECT_TRUE(bind_arms(plan_with({"local"}), simulated(lab), powersave));
}

TEST(SameBeginning, ASimulatedLabIsAnotherLabAndSoIsAnotherSlowdown) {
    const auto plan = plan_with({"local"});
    auto lab = default_lab();
    const auto real = begun_with(plan, "the scenario", lab);
    EXPECT_FALSE(check_same_beginning(real, begun_with(plan, "the scenario", simulated(lab))));
    const auto then = begun_with(plan, "the scenario", simulated(lab));
    lab.arms["local"].inject_device = 0.03;
    const auto slowed = check_same_beginning(then, begun_with(plan, "the scenario", simulated(lab)));
    ASSERT_FALSE(slowed);
    EXPECT_THAT(slowed.error().what, HasSubstr("arm.local.inject.device"));
}

TEST(SameBeginning, AChangedPlanAndAChangedLabAreTwoErrors) {
    auto plan = plan_with({"local"});
    auto lab = default_lab();
    const auto then = begun_with(plan, "the scenario", lab);
    EXPECT_TRUE(check_same_beginning(then, begun_with(plan, "the scenario", lab)));

    const auto other_scenario = check_same_beginning(then, begun_with(plan, "another", lab));
    ASSERT_FALSE(other_scenario);
    EXPECT_EQ(other_scenario.error().code, ErrorCode::plan_changed);
    EXPECT_THAT(other_scenario.error().what, HasSubstr("scenario.toml"));

    lab.prepare["cpu_governor"] = "performance";
    const auto other_lab = check_same_beginning(then, begun_with(plan, "the scenario", lab));
    ASSERT_FALSE(other_lab);
    EXPECT_EQ(other_lab.error().code, ErrorCode::precondition);
    EXPECT_THAT(other_lab.error().what, HasSubstr("prepare.cpu_governor was '', now 'performance'"));

    plan.design.iterations += 1;
    EXPECT_EQ(check_same_beginning(then, begun_with(plan, "the scenario", default_lab())).error().code,
              ErrorCode::plan_changed);
}

}  // namespace
}  // namespace passbench
