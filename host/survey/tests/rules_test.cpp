// Every rule of the table of methods: one fact of a host that has the method is changed, and this rule alone speaks up.
#include "host/survey/rules.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Hosts on which nothing is against the method, from the fixtures.
HostFacts good_host(Method method) {
    switch (method) {
        case Method::dda:
        case Method::eflow_dda: {
            auto facts = fixture("server-2022-a2-mitigated");
            facts["host"]["eflow.version"] = std::string("1.5.7.1");
            return facts;
        }
        case Method::native_windows:
        case Method::gpupv:
        case Method::wsl:
        case Method::eflow_gpupv:
            break;
    }
    auto facts = fixture("windows-10-rtx-2070");
    facts["host"]["eflow.version"] = std::string("1.5.7.1");
    facts["host"]["wsl.version"] = std::string("2.1.5");
    return facts;
}

TEST(GoodHost, HasNothingAgainstIt) {
    for (const Method method : all_methods) {
        EXPECT_THAT(rules_against(cell_of_first_card(good_host(method), method)), IsEmpty()) << to_string(method);
    }
}

struct OneChange {
    std::string title;
    std::string rule;
    Method method;
    Possibility word;
    void (*change)(HostFacts& facts, Facts& gpu);
    std::string fix;  // a part of it
};

void PrintTo(const OneChange& change, std::ostream* stream) { *stream << change.title; }

std::string text(std::string_view value) { return std::string(value); }

/// A change of one thing; for each rule at least one.
std::vector<OneChange> changes() {
    using enum Method;
    using enum Possibility;
    const auto no_card = [](HostFacts&, Facts& gpu) { gpu["vendor_id"] = text("1002"); };
    const auto nested = [](HostFacts& facts, Facts&) { facts["host"]["hypervisor.nested"] = true; };
    const auto given = [](HostFacts&, Facts& gpu) { gpu["state"] = text("vm:other"); };
    const auto dismounted = [](HostFacts&, Facts& gpu) { gpu["state"] = text("dismounted"); };
    const auto disabled = [](HostFacts&, Facts& gpu) {
        gpu["state"] = text("disabled");
        gpu["problem_code"] = std::int64_t{22};
    };
    const auto problem = [](HostFacts&, Facts& gpu) { gpu["problem_code"] = std::int64_t{43}; };
    const auto no_driver = [](HostFacts&, Facts& gpu) { gpu.erase("driver.version"); };
    const auto tcc = [](HostFacts&, Facts& gpu) { gpu["driver.model"] = text("TCC"); };
    const auto no_wsl_driver = [](HostFacts&, Facts& gpu) { gpu["driver.wsl_cuda"] = false; };
    const auto little_memory = [](HostFacts& facts, Facts&) { facts["host"]["memory_bytes"] = std::int64_t{4} << 30; };
    const auto as_user = [](HostFacts& facts, Facts&) { facts["host"]["elevated"] = false; };
    const auto no_hyperv = [](HostFacts& facts, Facts&) { facts["host"]["feature.hyperv"] = false; };
    const auto no_platform = [](HostFacts& facts, Facts&) { facts["host"]["feature.vm_platform"] = false; };
    const auto no_vmms = [](HostFacts& facts, Facts&) { facts["host"]["service.vmms"] = text("stopped"); };
    const auto no_compute = [](HostFacts& facts, Facts&) { facts["host"]["service.vmcompute"] = text("stopped"); };
    const auto no_agent = [](HostFacts& facts, Facts&) { facts["host"]["service.wssdagent"] = text("stopped"); };
    const auto unsaid = [](HostFacts& facts, Facts&) { facts["host"].erase("elevated"); };
    const auto unsaid_memory = [](HostFacts& facts, Facts&) { facts["host"].erase("memory_bytes"); };
    const auto client = [](HostFacts& facts, Facts&) { facts["host"]["os.product_type"] = std::int64_t{1}; };
    const auto old_client = [](HostFacts& facts, Facts&) { facts["host"]["os.build"] = std::int64_t{19041}; };
    const auto server = [](HostFacts& facts, Facts&) {
        facts["host"]["os.product_type"] = std::int64_t{3};
        facts["host"]["os.build"] = std::int64_t{20348};
    };
    const auto server_2019 = [](HostFacts& facts, Facts&) {
        facts["host"]["os.product_type"] = std::int64_t{3};
        facts["host"]["os.build"] = std::int64_t{17763};
    };
    const auto server_2025 = [](HostFacts& facts, Facts&) {
        facts["host"]["os.product_type"] = std::int64_t{3};
        facts["host"]["os.build"] = std::int64_t{26100};
    };
    const auto forbidden = [](HostFacts& facts, Facts&) {
        facts["registry"]["RequireSupportedDeviceAssignment"] = text("1");
    };
    const auto no_iov = [](HostFacts& facts, Facts&) { facts["host"]["iov.support"] = false; };
    const auto no_iommu = [](HostFacts& facts, Facts&) { facts["host"]["iommu.policy"] = text("disable"); };
    const auto reserved = [](HostFacts&, Facts& gpu) { gpu["pci.reserved_memory_region"] = true; };
    const auto boot_display = [](HostFacts&, Facts& gpu) {
        gpu["display.boot"] = true;
        gpu["display.attached"] = true;
    };
    const auto attached = [](HostFacts&, Facts& gpu) { gpu["display.attached"] = true; };
    const auto unshielded = [](HostFacts&, Facts& gpu) { gpu["driver.mitigation"] = false; };
    const auto few_bits = [](HostFacts& facts, Facts&) {
        facts["host"]["cpu.physical_address_bits"] = std::int64_t{36};
    };
    const auto no_vm = [](HostFacts& facts, Facts&) {
        std::erase_if(facts, [](const auto& entry) { return entry.first.starts_with(vm_prefix); });
    };
    const auto old_vm = [](HostFacts& facts, Facts&) { facts["vm/linux-pv"]["config_version"] = text("8.0"); };
    const auto sibling = [](HostFacts& facts, Facts& gpu) {
        auto& sound = facts["function/PCIROOT(0)#PCI(0200)#PCI(0001)"];
        sound = gpu;
        sound["card"] = text("PCIROOT(0)#PCI(0200)#PCI(0000)");
        sound["state"] = text("vm:other");
    };
    const auto no_entry = [](HostFacts&, Facts& gpu) { gpu.erase("partitionable_path"); };
    const auto two_cards = [](HostFacts& facts, Facts& gpu) { facts["gpu/PCIROOT(0)#PCI(0900)"] = gpu; };
    const auto no_wsl = [](HostFacts& facts, Facts&) { facts["host"].erase("wsl.version"); };
    const auto no_eflow = [](HostFacts& facts, Facts&) {
        facts["host"].erase("eflow.version");
        facts["host"].erase("service.wssdagent");
    };
    const auto broken_eflow = [](HostFacts& facts, Facts&) { facts["host"]["eflow.version"] = text("1.3.1.02092"); };
    const auto withdrawn_eflow = [](HostFacts& facts, Facts&) { facts["host"]["eflow.version"] = text("1.5.6.08025"); };
    const auto old_hns = [](HostFacts& facts, Facts&) { facts["host"]["hns.version"] = text("8.9"); };
    const auto home = [](HostFacts& facts, Facts&) { facts["host"]["os.edition"] = text("Core"); };

    std::vector<OneChange> all = {
        {"ClientForDda", "dda.server_only", dda, impossible, client, "eflow_dda"},
        {"NoIov", "dda.iov_support", dda, impossible, no_iov, "VT-d"},
        {"NoIovForEflow", "dda.iov_support", eflow_dda, impossible, no_iov, "VT-d"},
        {"NoIommu", "dda.iommu_policy", dda, impossible, no_iommu, "bcdedit /set hypervisoriommupolicy enable"},
        {"NoIommuForEflow", "dda.iommu_policy", eflow_dda, impossible, no_iommu, "bcdedit"},
        {"NotAssignable", "dda.survey", dda, impossible, reserved, "firmware"},
        {"NotAssignableForEflow", "dda.survey", eflow_dda, impossible, reserved, "firmware"},
        {"DisabledForDda", "dda.survey", dda, warning, disabled, "Enable the device"},
        {"DisabledForEflow", "device.disabled", eflow_dda, impossible, disabled, "Enable-PnpDevice"},
        {"Unshielded", "dda.mitigation", dda, warning, unshielded, "nvidia_azure_stack_A2_base.inf"},
        {"UnshieldedForEflow", "dda.mitigation", eflow_dda, warning, unshielded, "force_dismount = true"},
        {"FewAddressBits", "dda.mmio", dda, impossible, few_bits, "more address bits"},
        {"NoVmForDda", "dda.vm", dda, warning, no_vm, "New-VM"},
        {"SiblingElsewhere", "device.siblings", dda, warning, sibling, "one state"},
        {"OnlyDisplay", "device.only_display", dda, impossible, boot_display, "second graphics adapter"},
        {"OnlyDisplayForEflow", "device.only_display", eflow_dda, impossible, boot_display, "second graphics adapter"},
        {"Display", "device.display", dda, warning, attached, "cable"},
        {"DisplayForEflow", "device.display", eflow_dda, warning, attached, "cable"},
        {"GivenAway", "device.given_away", dda, impossible, given, "Remove-VMAssignableDevice"},
        {"GivenAwayForEflow", "device.given_away", eflow_dda, impossible, given, "Mount-VMHostAssignableDevice"},
        {"DismountedForDda", "device.dismounted", dda, warning, dismounted, "Nothing has to be done"},
        {"DismountedForEflow", "device.dismounted", eflow_dda, impossible, dismounted, "Mount-VMHostAssignableDevice"},
        {"DismountedNatively", "device.dismounted", native_windows, impossible, dismounted, "passbench release"},
        {"DisabledNatively", "device.disabled", native_windows, impossible, disabled, "Enable-PnpDevice"},
        {"GivenAwayNatively", "device.given_away", native_windows, impossible, given, "PCIROOT(0)#PCI(0100)"},
        {"NoDriverNatively", "driver.installed", native_windows, impossible, no_driver, "Windows driver"},
        {"ProblemNatively", "device.problem", native_windows, impossible, problem, "Device Manager"},
        {"NestedNatively", "host.nested_native", native_windows, warning, nested, "guest of"},
        {"TeslaShared", "driver.tesla", gpupv, impossible,
         [](HostFacts&, Facts& gpu) { gpu["device_id"] = text("1eb8"); }, "dda"},
        {"TeslaInWsl", "driver.tesla", wsl, impossible, [](HostFacts&, Facts& gpu) { gpu["device_id"] = text("20b7"); },
         "dda"},
        {"OldClient", "gpupv.windows_build", gpupv, impossible, old_client, "21H2"},
        {"OldClientForWsl", "gpupv.windows_build", wsl, impossible, old_client, "Windows 11"},
        {"OldServer", "gpupv.windows_build", gpupv, impossible, server_2019, "Server 2022"},
        {"PolicyOfServer2025", "gpupv.policy", gpupv, warning, server_2025, "gives them back"},
        {"PolicyForbids", "gpupv.policy", gpupv, impossible, forbidden, "group policy"},
        {"NoEntry", "gpupv.partitionable", gpupv, impossible, no_entry, "driver"},
        {"TwoCardsOnWindows10", "gpupv.chosen_gpu", gpupv, impossible, two_cards, "Windows 11"},
        {"FewAddressBitsShared", "gpupv.mmio", gpupv, impossible, few_bits, "HighMmioGapBase"},
        {"OldVm", "gpupv.vm", gpupv, warning, old_vm, "Update-VMVersion"},
        {"NoWsl", "wsl.installed", wsl, impossible, no_wsl, "wsl --install"},
        {"HyperVMissing", "host.features", dda, impossible, no_hyperv, "Install-WindowsFeature -Name Hyper-V"},
        {"HyperVMissingOnClient", "host.features", gpupv, impossible, no_hyperv, "Microsoft-Hyper-V"},
        {"PlatformMissing", "host.features", wsl, impossible, no_platform, "VirtualMachinePlatform"},
        {"PlatformMissingForEflow", "host.features", eflow_dda, impossible, no_platform, "VirtualMachinePlatform"},
        {"VmmsStopped", "host.services", dda, impossible, no_vmms, "Start-Service vmms"},
        {"VmmsStoppedShared", "host.services", gpupv, impossible, no_vmms, "Start-Service vmms"},
        {"ComputeStopped", "host.services", wsl, impossible, no_compute, "Start-Service vmcompute"},
        {"AgentStopped", "host.services", eflow_dda, impossible, no_agent, "Start-Service wssdagent"},
        {"AgentStoppedShared", "host.services", eflow_gpupv, impossible, no_agent, "Start-Service wssdagent"},
        {"UnsaidForWsl", "survey.complete", wsl, warning, unsaid_memory, "doctor --save"},
        {"NoEflow", "eflow.installed", eflow_dda, impossible, no_eflow, "msiexec"},
        {"NoEflowShared", "eflow.installed", eflow_gpupv, impossible, no_eflow, "msiexec"},
        {"BrokenEflow", "eflow.release", eflow_dda, impossible, broken_eflow, "1.4"},
        {"WithdrawnEflow", "eflow.release", eflow_gpupv, warning, withdrawn_eflow, "1.5.7"},
        {"OldHns", "eflow.hns", eflow_dda, impossible, old_hns, "updates"},
        {"OldHnsShared", "eflow.hns", eflow_gpupv, impossible, old_hns, "updates"},
        {"NoWslForEflow", "eflow.wsl_on_windows_10", eflow_gpupv, impossible, no_wsl, "wsl --install"},
        {"EflowSharesOnNoServer", "eflow.gpupv_on_server", eflow_gpupv, impossible, server, "eflow_dda"},
        {"EflowOnServer2025", "eflow.table", eflow_dda, impossible,
         [](HostFacts& facts, Facts&) { facts["host"]["os.build"] = std::int64_t{26100}; }, "Windows Server 2022"},
        {"EflowByTheOtherWay", "eflow.table", eflow_dda, impossible,
         [](HostFacts& facts, Facts& gpu) {
             facts["host"]["os.product_type"] = std::int64_t{1};
             gpu["device_id"] = text("1f02");
         },
         "Use eflow_gpupv"},
        {"EflowByNoWay", "eflow.table", eflow_dda, impossible,
         [](HostFacts&, Facts& gpu) { gpu["device_id"] = text("1f02"); }, "Hyper-V itself"},
        {"EflowOfACardItDoesNotKnow", "eflow.table", eflow_dda, impossible,
         [](HostFacts&, Facts& gpu) { gpu["device_id"] = text("20b7"); }, "a card that EFLOW knows"},
        {"EflowOnHome", "eflow.table", eflow_gpupv, impossible, home, "IoT Enterprise"},
        {"EflowBeforeTheUpdate", "eflow.table", eflow_gpupv, impossible,
         [](HostFacts& facts, Facts&) { facts["host"]["os.ubr"] = std::int64_t{1619}; }, "19044.1620"},
        {"EflowEnded", "eflow.support_ended", eflow_dda, warning,
         [](HostFacts& facts, Facts&) { facts["host"]["eflow.version"] = text("1.4.1.13112"); }, "successor"},
    };
    for (const Method shared : {gpupv, eflow_gpupv, wsl}) {
        const auto name = [&](std::string_view what) {
            return std::string(what) + "For_" + std::string(to_string(shared));
        };
        all.push_back({name("GivenAway"), "device.given_away", shared, impossible, given, "passbench release"});
        all.push_back({name("Dismounted"), "device.dismounted", shared, impossible, dismounted, "Mount"});
        all.push_back({name("Disabled"), "device.disabled", shared, impossible, disabled, "Enable-PnpDevice"});
        all.push_back({name("NoDriver"), "driver.installed", shared, impossible, no_driver, "CUDA for WSL"});
        all.push_back({name("Problem"), "device.problem", shared, impossible, problem, "Device Manager"});
        all.push_back({name("Tcc"), "driver.tcc", shared, impossible, tcc, "nvidia-smi -dm 0"});
        all.push_back({name("NoWslDriver"), "driver.wsl_cuda", shared, impossible, no_wsl_driver, "CUDA on WSL"});
        all.push_back({name("LittleMemory"), "gpupv.host_memory", shared, impossible, little_memory, "more memory"});
    }
    for (const Method each : all_methods) {
        const auto name = [&](std::string_view what) {
            return std::string(what) + "For_" + std::string(to_string(each));
        };
        all.push_back({name("OtherMaker"), "card.nvidia", each, impossible, no_card, "NVIDIA"});
        if (each == native_windows) continue;
        all.push_back({name("Nested"), "host.nested", each, impossible, nested, "guest of"});
        if (each == wsl) continue;
        all.push_back({name("AsUser"), "host.elevated", each, impossible, as_user, "Run as administrator"});
        all.push_back({name("Unsaid"), "survey.complete", each, warning, unsaid, "doctor --save"});
    }
    return all;
}

class Rules : public testing::TestWithParam<OneChange> {};

TEST_P(Rules, SpeakUpForTheOneThingThatChanged) {
    const auto& param = GetParam();
    auto facts = good_host(param.method);
    const auto card = first_card(facts);
    Facts gpu = facts.at(card);
    param.change(facts, gpu);
    facts[card] = gpu;

    // A change of maker leaves no card that is first: the row is found by its place.
    const auto location = card.substr(gpu_prefix.size());
    const auto day =
        param.rule == "eflow.support_ended" ? std::chrono::year{2024} / std::chrono::November / 13 : test_day;
    for (const auto& row : method_table(facts, day)) {
        if (row.location != location) continue;
        const auto& cell = row.cell(param.method);
        EXPECT_EQ(cell.word, param.word);
        ASSERT_THAT(rules_against(cell), ElementsAre(param.rule));
        for (const auto& reason : cell.reasons) {
            if (reason.word != Possibility::possible) {
                EXPECT_THAT(reason.fix, HasSubstr(param.fix));
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(OneChange, Rules, testing::ValuesIn(changes()),
                         [](const auto& change) { return change.param.title; });

TEST(AllRules, AreSeenToSpeakUpForEveryMethodThatTheyAreOf) {
    std::set<std::pair<std::string, Method>> changed;
    for (const auto& change : changes()) changed.emplace(change.rule, change.method);
    for (const Method method : all_methods) {
        for (const MethodRule* rule : rules_of(method)) {
            const bool is_seen = changed.contains({std::string(rule->name), method});
            // One change a rule is enough where it is the same rule for EFLOW as for the others.
            const bool is_of_both = rule->name == "eflow.support_ended" || rule->name == "eflow.release";
            EXPECT_TRUE(is_seen || is_of_both || rule->name == "host.features")
                << rule->name << " " << to_string(method);
        }
    }
}

TEST(AllRules, HaveASourceASectionAndAPromise) {
    std::set<std::string_view> names;
    std::set<const MethodRule*> rules;
    for (const Method method : all_methods) {
        for (const MethodRule* rule : rules_of(method)) {
            EXPECT_FALSE(rule->source.empty()) << rule->name;
            EXPECT_THAT(std::string(rule->facts), testing::ContainsRegex("^[0-9](\\.[0-9]+)?$")) << rule->name;
            EXPECT_TRUE(rule->promise.ends_with('.')) << rule->name;
            names.insert(rule->name);
            rules.insert(rule);
        }
    }
    EXPECT_EQ(names.size(), rules.size()) << "a name a rule";
}

}  // namespace
}  // namespace passbench
