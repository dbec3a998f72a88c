#include "host/survey/survey_dda.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string location = "PCIROOT(0)#PCI(0300)#PCI(0000)";

Facts t4() { return fixture("server-2019-t4").at("gpu/" + location); }

Facts t4_with(std::string_view key, Fact value) {
    Facts facts = t4();
    facts[std::string(key)] = std::move(value);
    return facts;
}

TEST(SurveyDda, PrintsTheLinesOfAnAssignableCardInTheirOrder) {
    const auto survey = survey_dda(t4(), location);
    EXPECT_EQ(survey.verdict, DdaVerdict::assignable);
    EXPECT_THAT(survey.lines, ElementsAre("Express Endpoint -- more secure.",
                                          "    And its interrupts are message-based, assignment can work.",
                                          "    And it requires at least: 304 MB of MMIO gap space", location));
}

struct Refusal {
    std::string key;
    Fact value;
    std::string line;
};

TEST(SurveyDda, EndsWithTheLineOfTheCheckThatFails) {
    const std::vector<Refusal> refusals = {
        {"pci.reserved_memory_region", true,
         "BIOS requires that this device remain attached to BIOS-owned memory.  Not assignable."},
        {"pci.acs_up_hierarchy", std::int64_t{0},
         "Traffic from this device may be redirected to other devices in the system.  Not assignable."},
        {"pci.device_type", std::int64_t{5}, "BIOS kept control of PCI Express for this device.  Not assignable."},
        {"pci.device_type", std::int64_t{0}, "Old-style PCI device, switch port, etc.  Not assignable."},
        {"pci.device_type", std::int64_t{1}, "Old-style PCI device, switch port, etc.  Not assignable."},
        {"pci.device_type", std::int64_t{6}, "Old-style PCI device, switch port, etc.  Not assignable."},
        {"pci.interrupts", std::string("line"), "All of the interrupts are line-based, no assignment can work."},
    };
    for (const auto& refusal : refusals) {
        const auto survey = survey_dda(t4_with(refusal.key, refusal.value), location);
        EXPECT_EQ(survey.verdict, DdaVerdict::not_assignable) << refusal.line;
        EXPECT_EQ(survey.lines.back(), refusal.line);
    }
}

TEST(SurveyDda, LooksAtMemoryOfTheFirmwareFirstAndAtInterruptsLast) {
    Facts device = t4_with("pci.reserved_memory_region", true);
    device["pci.acs_up_hierarchy"] = std::int64_t{0};
    device["pci.device_type"] = std::int64_t{5};
    EXPECT_THAT(survey_dda(device, location).lines,
                ElementsAre("BIOS requires that this device remain attached to BIOS-owned memory.  Not assignable."));
    device["pci.reserved_memory_region"] = false;
    EXPECT_THAT(survey_dda(device, location).lines.front(), testing::StartsWith("Traffic from this device"));
    device["pci.acs_up_hierarchy"] = std::int64_t{3};
    device["problem_code"] = std::int64_t{22};
    EXPECT_THAT(survey_dda(device, location).lines.front(), testing::StartsWith("BIOS kept control"));
}

TEST(SurveyDda, TakesALegacyEndpointOnlyWhereItIsADisplay) {
    Facts device = t4_with("pci.device_type", std::int64_t{3});
    EXPECT_EQ(survey_dda(device, location).lines.front(), "Legacy Express Endpoint -- graphics controller.");
    device["base_class"] = std::int64_t{4};
    const auto survey = survey_dda(device, location);
    EXPECT_EQ(survey.verdict, DdaVerdict::not_assignable);
    EXPECT_THAT(survey.lines, ElementsAre("Legacy, non-VGA PCI device.  Not assignable."));
}

TEST(SurveyDda, TakesAnEmbeddedEndpointAndOneWithoutInterruptsOrMemory) {
    Facts device = t4_with("pci.device_type", std::int64_t{4});
    device["pci.interrupts"] = std::string("none");
    device["mmio.below_4g_bytes"] = std::int64_t{0};
    device["mmio.above_4g_bytes"] = std::int64_t{0};
    const auto survey = survey_dda(device, location);
    EXPECT_EQ(survey.verdict, DdaVerdict::assignable);
    EXPECT_THAT(survey.lines, ElementsAre("Embedded Endpoint -- less secure.",
                                          "    And it has no interrupts at all -- assignment can work.",
                                          "    And it has no MMIO space", location));
}

TEST(SurveyDda, DoesNotKnowOfADisabledDevice) {
    const auto survey = survey_dda(t4_with("problem_code", std::int64_t{22}), location);
    EXPECT_EQ(survey.verdict, DdaVerdict::unknown);
    EXPECT_THAT(survey.lines,
                ElementsAre("Express Endpoint -- more secure.",
                            "Device is Disabled, unable to check resource requirements, it may be assignable.",
                            "Enable the device and rerun this script to confirm.", location));
    EXPECT_EQ(survey_dda(t4_with("state", std::string("disabled")), location).verdict, DdaVerdict::unknown);
}

TEST(SurveyDda, DoesNotKnowOfWhatTheHostDoesNotHaveOrTheSurveyDoesNotSay) {
    EXPECT_EQ(survey_dda(t4_with("state", std::string("dismounted")), location).verdict, DdaVerdict::unknown);
    EXPECT_EQ(survey_dda(t4_with("state", std::string("vm:x")), location).verdict, DdaVerdict::unknown);
    for (const auto* key :
         {"pci.reserved_memory_region", "pci.acs_up_hierarchy", "pci.device_type", "pci.interrupts"}) {
        Facts device = t4();
        device.erase(key);
        const auto survey = survey_dda(device, location);
        EXPECT_EQ(survey.verdict, DdaVerdict::unknown) << key;
        EXPECT_THAT(survey.lines, testing::Contains(testing::HasSubstr(key)));
    }
}

TEST(SurveyDda, RoundsTheMemoryUpToWholeMegabytes) {
    Facts device = t4_with("mmio.below_4g_bytes", (std::int64_t{1} << 20) + 1);
    device["mmio.above_4g_bytes"] = std::int64_t{0};
    EXPECT_EQ(survey_dda(device, location).lines[2], "    And it requires at least: 2 MB of MMIO gap space");
}

TEST(SurveyDda, SaysOfTheHostWhyItCannot) {
    EXPECT_THAT(survey_host(fixture("server-2019-t4").at("host")), IsEmpty());
    EXPECT_THAT(survey_host(fixture("server-2022-firmware-kept-pcie").at("host")),
                ElementsAre("Unfortunately, this machine doesn't support using them in a VM.",
                            "The firmware does not hand interrupt remapping to the system."));
}

}  // namespace
}  // namespace passbench
