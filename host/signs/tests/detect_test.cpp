// What is recognised where signs stand beside each other, resemble each other, or are known to nobody.
#include "host/signs/detect.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> found(const Symptoms& symptoms) {
    std::vector<std::string> names;
    for (const Detection& each : detect(symptoms)) names.push_back(each.finding);
    return names;
}

Symptoms of_cmdlet(std::string text, Doing doing = Doing::something) {
    return {.said = {{.by = Speaker::cmdlet, .doing = doing, .text = std::move(text)}}};
}

Symptoms of_command(std::string text) { return {.said = {{.by = Speaker::command, .text = std::move(text)}}}; }

Symptoms of_kernel(std::string log) { return {.kernel_log = std::move(log)}; }

constexpr const char* needs_space =
    "hv_pci 48e0: Need 0x802000000 of high MMIO space. Consider reconfiguring the VM.\n";
constexpr const char* bar_invalid =
    "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\nNVRM: BAR1 is 0M @ 0x0 (PCI:0000:00:00.0)\n"
    "NVRM: The NVIDIA probe routine failed for 1 device(s).\n";

TEST(Detect, KnowsNothingOfNothing) { EXPECT_THAT(found({}), IsEmpty()); }

TEST(Detect, TakesAnUnassignedWindowForTheGapWhereTheKernelSaysWhatItNeeds) {
    EXPECT_THAT(found(of_kernel(bar_invalid)), ElementsAre("dda.bar_unassigned"));
    EXPECT_THAT(found(of_kernel(std::string(bar_invalid) + needs_space)), ElementsAre("dda.mmio_too_small"));
}

TEST(Detect, TakesInsufficientResourcesForThePolicyWhereWindowsNamesIt) {
    const std::string resources = "Insufficient system resources exist to complete the requested service. ";
    EXPECT_THAT(found(of_cmdlet(resources)), ElementsAre("gpupv.insufficient_resources"));
    EXPECT_THAT(found(of_cmdlet(resources + "... not compliant with currently set group policy")),
                ElementsAre("gpupv.policy"));
}

TEST(Detect, SaysWhyNoDeviceWasFoundWhereThatIsKnown) {
    Symptoms symptoms = of_command("No devices were found");
    EXPECT_THAT(found(symptoms), ElementsAre("dda.not_reset"));
    symptoms.kernel_log = needs_space;
    EXPECT_THAT(found(symptoms), ElementsAre("dda.mmio_too_small"));
    symptoms.kernel_log = {};
    symptoms.guest = {{"module.nouveau", true}, {"pci.nvidia", true}};
    EXPECT_THAT(found(symptoms), ElementsAre("gpu.other_driver"));
}

TEST(Detect, SaysWhoHasACardThatIsNotFoundWhereThatIsKnown) {
    Symptoms symptoms = of_cmdlet("The specified device 'PCIROOT(0)' was not found on server 'LAB'.");
    EXPECT_THAT(found(symptoms), ElementsAre("dda.not_dismounted"));
    symptoms.gpu = "G";
    symptoms.host = {{"gpu/G", {{"state", "vm:other"}}}};
    symptoms.wanted = {{"gpu/G", {{"state", "vm:lab"}}}};
    EXPECT_THAT(found(symptoms), ElementsAre("dda.held_by_other_vm"));
}

TEST(Detect, TellsTheWindowOfAVirtualGpuFromHarmlessLinesBesideIt) {
    const std::string harmless = "misc dxg: dxgk: dxgkio_query_adapter_info: Ioctl failed: -22\n";
    const std::string window = "misc dxg: dxgk: dxgglobal_getiospace: Unable to allocate mmio memory: -6\n";
    EXPECT_THAT(found(of_kernel(harmless + harmless)), IsEmpty());
    EXPECT_THAT(found(of_kernel(harmless + window + harmless)), ElementsAre("gpupv.mmio_too_small"));
}

TEST(Detect, TakesACardInTheWrongModeForTheCauseOfAnEmptyList) {
    const Symptoms symptoms = {.method = "gpupv", .gpu = "A", .host = {{"gpu/A", {{"driver.model", "TCC"}}}}};
    EXPECT_THAT(found(symptoms), ElementsAre("wsl.no_wddm"));
}

TEST(Detect, TellsCrashesOfAHostApartByWhatTheGuestHad) {
    const Said crash = {.by = Speaker::host_text, .text = {}, .code = "Kernel-Power/41"};
    const Said out_of_memory = {.by = Speaker::cuda, .text = {}, .code = "2"};
    const Facts adapter = {{"gpu_partition", "A"}};
    const auto symptoms = [&](Facts gpu, Facts vm) {
        return Symptoms{
            .said = {crash, out_of_memory}, .gpu = "G", .vm = "lab", .host = {{"gpu/G", gpu}, {"vm/lab", vm}}};
    };
    EXPECT_THAT(found(symptoms({{"state", "vm:lab"}}, {{"gpu_partition", "none"}})), ElementsAre("dda.host_crash"));
    EXPECT_THAT(found(symptoms({{"state", "vm:lab"}, {"driver.mitigation", true}}, {})), IsEmpty());
    EXPECT_THAT(found(symptoms({{"name", "NVIDIA T4"}}, adapter)), ElementsAre("gpupv.host_crash_on_memory"));
    EXPECT_THAT(found(symptoms({{"name", "Tesla V100-SXM2-16GB"}}, adapter)), ElementsAre("gpupv.unfit_card"));
}

TEST(Detect, TellsModulesThatSecureBootRefusesApart) {
    EXPECT_THAT(found(of_command("modprobe: ERROR: could not insert 'nvidia': Key was rejected by service")),
                ElementsAre("dda.module_unsigned"));
    EXPECT_THAT(found(of_command("modprobe: ERROR: could not insert 'dxgkrnl': Key was rejected by service")),
                ElementsAre("gpupv.module_refused"));
}

TEST(Detect, TellsTextsOfTheModuleApartThatResembleEachOther) {
    EXPECT_THAT(found(of_cmdlet("Requested GPU configuration cannot be supported by Host, not enough GPUs available - "
                                "Requested(2), Available(1)")),
                ElementsAre("host.unknown"));
    EXPECT_THAT(found(of_cmdlet("Requested GPU configuration cannot be supported by Host, GPU PassthroughType "
                                "'DirectDeviceAssignment' not supported")),
                ElementsAre("host.unknown"));
}

TEST(Detect, ReadsNoMoreIntoCommonWordsThanWhatWasDoneAllows) {
    EXPECT_THAT(found(of_cmdlet("Access is denied", Doing::dismounting)), ElementsAre("host.unknown"));
    EXPECT_THAT(found(of_cmdlet("Access is denied", Doing::starting)), ElementsAre("host.unknown")) << "no GPU adapter";
    EXPECT_THAT(found(of_cmdlet("Element not found", Doing::mounting)), ElementsAre("host.unknown"));
    EXPECT_THAT(found(of_cmdlet("No devices were found")), ElementsAre("host.unknown")) << "words of the host";
}

TEST(Detect, TakesTheWordsForTheCauseBeforeWhatIsOnlyLikely) {
    Symptoms symptoms = of_cmdlet("it is assigned one or more GPUP partitions", Doing::saving);
    symptoms.gpu = "G";
    symptoms.host = {{"gpu/G", {{"state", "vm:lab"}}}};
    EXPECT_THAT(found(symptoms), ElementsAre("gpupv.checkpoint_refused"));
    symptoms.said[0].text = "something of which nothing is known";
    EXPECT_THAT(found(symptoms), ElementsAre("dda.save_refused"));
}

TEST(Detect, FindsWordsWhateverTheirCaseBlanksAndApostrophes) {
    EXPECT_THAT(
        found(of_cmdlet("'lab' failed to start.\r\n\r\nA hypervisor\n  FEATURE is not\tavailable to the user.")),
        ElementsAre("dda.hypervisor_refuses"));
    EXPECT_THAT(found(of_cmdlet("HNS API version 9.1 doesn\xe2\x80\x99t meet minimum version (9.2)")),
                ElementsAre("eflow.hns_too_old"));
}

TEST(Detect, FindsCodesWhateverTheirCaseByThemselvesAndWithinWords) {
    EXPECT_THAT(found({.said = {{.text = "Fehler", .code = "0xc035001e"}}}), ElementsAre("dda.hypervisor_refuses"));
    EXPECT_THAT(found(of_cmdlet("Failed to Power on (0XC035001E)")), ElementsAre("dda.hypervisor_refuses"));
    EXPECT_THAT(found(of_cmdlet("Failed to Power on (0xC035001E7)")), ElementsAre("host.unknown")) << "another number";
}

TEST(Detect, TakesNoNumberForTheBeginningOfAnother) {
    EXPECT_THAT(found(of_kernel("dxgk: dxgkio_query_adapter_info: Ioctl failed: -2\n")), IsEmpty());
    EXPECT_THAT(found(of_kernel("dxgk: dxgkio_query_adapter_info: Ioctl failed: -21\n")), ElementsAre("host.unknown"));
    EXPECT_THAT(found(of_kernel("dxgk: dxgkio_make_resident: Ioctl failed: -125\n")), ElementsAre("host.unknown"));
}

TEST(Detect, ComparesVersionsByTheirNumbers) {
    const auto copying = [](const char* openssh) {
        Symptoms symptoms = of_cmdlet("it failed", Doing::copying);
        symptoms.host = {{"host", {{"openssh.version", openssh}}}};
        return found(symptoms);
    };
    for (const char* version : {"8.6", "8.6p1", "9.0", "10.0"}) {
        EXPECT_THAT(copying(version), ElementsAre("eflow.openssh_too_new")) << version;
    }
    for (const char* version : {"8.1", "8.5p1", "8", "", "unknown"}) {
        EXPECT_THAT(copying(version), ElementsAre("host.unknown")) << version;
    }
    for (const char* version : {"1.3.1.02092", "1.3.1.2092", "1.3.1.02093", "1.4.0"}) {
        Symptoms symptoms = of_command("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.");
        symptoms.host = {{"host", {{"eflow.version", version}}}};
        const bool is_broken = std::string(version).ends_with("2092");
        EXPECT_THAT(found(symptoms), ElementsAre(is_broken ? "eflow.broken_release" : "host.unknown")) << version;
    }
}

TEST(Detect, NamesEachFindingOnceHoweverManySignsItHas) {
    Symptoms symptoms = of_cmdlet("A hypervisor feature is not available to the user (0xC035001E)");
    symptoms.said.push_back(symptoms.said.front());
    EXPECT_THAT(found(symptoms), ElementsAre("dda.hypervisor_refuses"));
}

TEST(Detect, PutsWordsBeforeTheKernelAndTheKernelBeforeStates) {
    Symptoms symptoms = of_cmdlet("Unsupported DDA Type: X");
    symptoms.kernel_log = needs_space;
    symptoms.guest = {{"problem_code", std::int64_t{43}}};
    symptoms.said.push_back({.by = Speaker::command, .text = "something else"});
    EXPECT_THAT(found(symptoms),
                ElementsAre("eflow.unsupported_dda_card", "dda.mmio_too_small", "dda.guest_code_43", "host.unknown"));
}

TEST(Detect, KeepsTheWordsAndCodeThatNothingExplains) {
    const auto detections = detect({.said = {{.text = "The frobnicator is\r\nworn.", .code = "0x80041234"}}});
    ASSERT_EQ(detections.size(), 1U);
    EXPECT_EQ(detections[0].finding, unknown_finding);
    EXPECT_EQ(detections[0].text, "The frobnicator is worn. (0x80041234)");
    EXPECT_EQ(detections[0].sign, "");
}

TEST(Detect, KeepsWhatTheKernelSaysOfAGpuWhereNothingElseIsKnown) {
    const std::string xid = "NVRM: Xid (PCI:48e0:00:00): 79, GPU has fallen off the bus.";
    const auto detections = detect(of_kernel("eth0: link up\n" + xid + "\r\nusb 1-1: device failed\n"));
    ASSERT_EQ(detections.size(), 1U);
    EXPECT_EQ(detections[0].text, xid);
    EXPECT_THAT(found(of_kernel(xid + "\n" + needs_space)), ElementsAre("dda.mmio_too_small"));
}

TEST(Detect, TakesWhatIsOnlyPrintedOrAnErrorOfCudaForNoUnknownTrouble) {
    EXPECT_THAT(found({.said = {{.by = Speaker::guest_text, .text = "Tesla T4"},
                                {.by = Speaker::host_text, .text = "Express Endpoint -- more secure."},
                                {.by = Speaker::cuda, .text = "an illegal memory access", .code = "700"}}}),
                IsEmpty());
}

TEST(Detect, SaysByWhichSignAndKeepsTheWordsAroundIt) {
    const auto by_words = detect(of_kernel(needs_space));
    ASSERT_EQ(by_words.size(), 1U);
    EXPECT_THAT(by_words[0].sign, HasSubstr("of high MMIO space"));
    EXPECT_EQ(by_words[0].text, std::string(needs_space).substr(0, std::string(needs_space).size() - 1));
    const auto by_state = detect({.gpu = "G",
                                  .host = {{"gpu/G", {{"problem_code", std::int64_t{22}}}}},
                                  .wanted = {{"gpu/G", {{"state", "host"}}}}});
    ASSERT_EQ(by_state.size(), 1U);
    EXPECT_EQ(by_state[0].text, "wanted gpu state = host, gpu problem_code = 22");
}

}  // namespace
}  // namespace passbench
