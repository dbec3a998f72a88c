// What WSL's machine is changed for, and what is refused before anything is touched.
#include "host/providers/wsl_steps.hpp"

#include <gmock/gmock.h>

#include "host/providers/tests/hyperv_example.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HypervDemand asked_of_wsl() { return {.vm = "Ubuntu-22.04", .gpu = "", .may_stop_vm = true, .processors = 8}; }

HostFacts desktop() { return example_host(HypervMethod::wsl); }

HostFacts desktop_at_rest() {
    HostFacts facts = desktop();
    facts["wsl"]["config.gpu_support"] = std::string("absent");
    facts["wsl/Debian"]["state"] = std::string("stopped");
    facts[example_distribution]["state"] = std::string("stopped");
    return facts;
}

TEST(WslSteps, WithoutANameTheDefaultDistributionIsMeant) {
    EXPECT_EQ(*find_distribution(desktop(), ""), example_distribution);
    EXPECT_EQ(*find_distribution(desktop(), "Debian"), "wsl/Debian");
}

TEST(WslSteps, ADistributionThatIsNotThereIsRefusedWithThoseThatAre) {
    const auto refused = find_distribution(desktop(), "Ubuntu");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_THAT(refused.error().what, HasSubstr("Debian, Ubuntu-22.04"));
    EXPECT_THAT(find_distribution({}, "").error().what, HasSubstr("there are: none"));
}

TEST(WslSteps, ADistributionOfWsl1IsRefusedWithTheWayOut) {
    HostFacts facts = desktop();
    facts[example_distribution]["version"] = std::int64_t{1};
    const auto refused = wsl_steps(facts, asked_of_wsl());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fix, "Turn it into one of WSL 2: wsl --set-version Ubuntu-22.04 2");
}

TEST(WslSteps, WhatRunsIsStoppedByConsentAlone) {
    HypervDemand without_leave = asked_of_wsl();
    without_leave.may_stop_vm = false;
    const auto refused = wsl_steps(desktop(), without_leave);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_THAT(refused.error().fix, HasSubstr("may_stop"));
    EXPECT_TRUE(wsl_steps(desktop_at_rest(), without_leave));
}

TEST(WslSteps, WithNothingToSetADistributionIsOnlyStarted) {
    HypervDemand nothing = asked_of_wsl();
    nothing.processors.reset();
    nothing.may_stop_vm = false;
    const auto steps = *wsl_steps(desktop_at_rest(), nothing);
    ASSERT_THAT(steps, SizeIs(1));
    EXPECT_EQ(steps.front().wanted, "running");
    HostFacts runs = desktop_at_rest();
    runs[example_distribution]["state"] = std::string("running");
    EXPECT_THAT(*wsl_steps(runs, nothing), IsEmpty());
}

TEST(WslSteps, AnotherDistributionThatRunsIsStoppedForItRunsInTheSameMachine) {
    HostFacts facts = desktop_at_rest();
    facts["wsl/Debian"]["state"] = std::string("running");
    const auto steps = *wsl_steps(facts, asked_of_wsl());
    EXPECT_EQ(steps.front().resource, "wsl/Debian");
    EXPECT_EQ(steps.front().wanted, "stopped");
}

}  // namespace
}  // namespace passbench::tests
