// What `auto` and `native` become on a Windows host whose card can be passed through whole and shared.
#include "host/providers/chosen_arm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/providers/tests/hyperv_example.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench::tests {
namespace {

using ::testing::HasSubstr;

const std::string its_location = "PCIROOT(0)#PCI(0300)#PCI(0000)";

MachineDemand with_gpu(std::string gpu) {
    MachineDemand machine;
    machine.gpu = std::move(gpu);
    return machine;
}

TEST(ChosenArm, AutoIsThePassthroughThatTheCardSupports) {
    const auto chosen = choose_arm({.provider = "auto", .vm = "lab-guest"}, example_host(), {});
    ASSERT_TRUE(chosen) << to_text(chosen.error());
    EXPECT_EQ(chosen->binding.provider, "hyperv_gpupv");
    EXPECT_EQ(chosen->binding.gpu, its_location);
    EXPECT_EQ(chosen->binding.vm, "lab-guest");
    EXPECT_THAT(chosen->why, HasSubstr("it is shared"));
}

TEST(ChosenArm, AutoIsTheOtherWayWhereTheCardsOwnIsNotPossible) {
    HostFacts host = example_host();
    host.at(example_card).erase(std::string(device_key::partitionable));
    const auto chosen = choose_arm({.provider = "auto"}, host, {});
    ASSERT_TRUE(chosen) << to_text(chosen.error());
    EXPECT_EQ(chosen->binding.provider, "hyperv_dda");
    EXPECT_THAT(chosen->why, HasSubstr("not possible"));
}

TEST(ChosenArm, NativeIsWindowsItself) {
    const auto chosen = choose_arm({.provider = "native"}, example_host(), with_gpu("A2000"));
    ASSERT_TRUE(chosen) << to_text(chosen.error());
    EXPECT_EQ(chosen->binding.provider, "native_windows");
    EXPECT_EQ(chosen->binding.gpu, its_location);
}

TEST(ChosenArm, ACardThatIsNotThereIsNotChosen) {
    const auto chosen = choose_arm({.provider = "auto"}, example_host(), with_gpu("T4"));
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, ErrorCode::precondition);
}

TEST(ChosenArm, AHostWithoutACardIsSaidSo) {
    HostFacts host = example_host();
    host.erase(example_card);
    const auto chosen = choose_arm({.provider = "auto"}, host, {});
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, ErrorCode::precondition);
    EXPECT_THAT(chosen.error().fix, HasSubstr("passbench doctor"));
}

}  // namespace
}  // namespace passbench::tests
