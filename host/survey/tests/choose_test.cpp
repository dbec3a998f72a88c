#include "host/survey/choose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

MethodTable table_of(const std::string& name) { return method_table(fixture(name), test_day); }

TEST(Auto, PassesADataCentreCardWholeAndSaysWhy) {
    const auto choice = choose_auto(table_of("server-2019-t4"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->method, Method::dda);
    EXPECT_EQ(choice->why, "NVIDIA Tesla T4 is a card for data centres, which is passed through whole: dda.");
}

TEST(Auto, SharesAnRtxThatCouldAlsoBePassedWhole) {
    const auto choice = choose_auto(table_of("server-2025-rtx-a5000"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->method, Method::gpupv);
    EXPECT_EQ(choice->why, "NVIDIA RTX A5000 has a display driver, by which it is shared: gpupv.");
}

TEST(Auto, TakesEflowWhereHyperVItselfCannot) {
    const auto choice = choose_auto(table_of("windows-11-t4-eflow"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->method, Method::eflow_dda);
    EXPECT_THAT(choice->why, HasSubstr("dda is not possible: eflow_dda."));
}

TEST(Auto, TakesTheOtherMechanismWhereTheCardsOwnIsNotPossible) {
    const auto choice = choose_auto(table_of("server-2025-policy-forbidden"));
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->method, Method::dda);
    EXPECT_THAT(choice->why, HasSubstr("but that is not possible here"));
}

TEST(Auto, TakesTheCardThatIsFree) {
    auto facts = fixture("server-2019-two-t4s");
    const std::string first = "gpu/PCIROOT(0)#PCI(0300)#PCI(0000)";
    const std::string second = "gpu/PCIROOT(0)#PCI(0400)#PCI(0000)";
    EXPECT_EQ(choose_auto(method_table(facts, test_day))->location, first.substr(gpu_prefix.size()));
    std::swap(facts[first], facts[second]);
    EXPECT_EQ(choose_auto(method_table(facts, test_day))->location, second.substr(gpu_prefix.size()));
}

TEST(Auto, SaysWhatIsInTheWayAndWhatToDo) {
    const auto choice = choose_auto(table_of("nested-host"));
    ASSERT_FALSE(choice);
    EXPECT_EQ(choice.error().code, ErrorCode::precondition);
    EXPECT_EQ(choice.error().where, "host.nested");
    EXPECT_THAT(choice.error().what, HasSubstr("virtual machine itself"));
    EXPECT_THAT(choice.error().fix, HasSubstr("the machine that this one is a guest of"));
}

TEST(Auto, OfNoCardSaysSo) {
    const auto choice = choose_auto({});
    ASSERT_FALSE(choice);
    EXPECT_EQ(choice.error().what, "auto: this host has no such GPU");
}

TEST(Native, IsWindowsItselfOfTheCardThatAutoTakes) {
    auto facts = fixture("server-2025-rtx-a5000");
    const std::string mine = "gpu/PCIROOT(0)#PCI(0300)#PCI(0000)";
    const std::string earlier = "gpu/PCIROOT(0)#PCI(0100)#PCI(0000)";
    facts[earlier] = facts[mine];
    facts[earlier].erase("partitionable_path");
    facts[earlier]["display.boot"] = true;  // it cannot be passed through at all, only be measured natively
    const auto table = method_table(facts, test_day);
    ASSERT_EQ(choose_auto(table)->location, mine.substr(gpu_prefix.size()));
    EXPECT_EQ(choose_native(table)->location, mine.substr(gpu_prefix.size()));
    EXPECT_EQ(choose_native(table)->method, Method::native_windows);
}

TEST(Native, WithoutADriverSaysToInstallOne) {
    const auto choice = choose_native(table_of("server-2019-t4"));
    ASSERT_FALSE(choice);
    EXPECT_EQ(choice.error().where, "driver.installed");
    EXPECT_THAT(choice.error().fix, HasSubstr("Install NVIDIA's Windows driver"));
}

TEST(Methods, AreNamedAsTheirArms) {
    for (const Method method : all_methods) EXPECT_EQ(method_named(to_string(method)), method);
    EXPECT_EQ(method_named("auto"), std::nullopt);
}

}  // namespace
}  // namespace passbench
