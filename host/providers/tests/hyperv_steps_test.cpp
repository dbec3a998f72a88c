// The steps of both methods: their order as a golden text, and what is refused before anything is touched.
#include "host/providers/hyperv_steps.hpp"

#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/eflow_steps.hpp"
#include "host/providers/hyperv_script.hpp"
#include "host/providers/tests/hyperv_example.hpp"
#include "host/providers/wsl_steps.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

HypervDemand demand() {
    return {.vm = "lab-guest",
            .gpu = "RTX A2000",
            .may_stop_vm = true,
            .processors = 8,
            .memory_bytes = std::int64_t{16} << 30};
}

HypervDemand wsl_demand() {
    HypervDemand demand_of_all = demand();
    demand_of_all.vm = "Ubuntu-22.04";
    return demand_of_all;
}

std::string as_text(const std::vector<Step>& steps) {
    std::string text;
    for (const Step& step : steps) {
        text += fmt::format("{} {}: {} -> {}\n", step.resource, step.property, step.before, step.wanted);
    }
    return text;
}

/// Of a machine that runs.
std::vector<Step> eflow_dda_steps() {
    HypervDemand asked = demand();
    asked.gpu = "T4";
    return *eflow_steps(example_host(HypervMethod::eflow_dda), asked, EflowPassthrough::whole, {});
}

HostFacts undeployed() {
    HostFacts facts = example_host(HypervMethod::eflow_gpupv);
    facts["eflow"] = {{"deployment", std::string("none")}};
    return facts;
}

EflowSettings deploying() {
    EflowSettings settings;
    settings.deploy = true;
    return settings;
}

/// Of one that is not there yet.
std::vector<Step> eflow_gpupv_steps() {
    return *eflow_steps(undeployed(), demand(), EflowPassthrough::shared, deploying());
}

std::string golden(const std::string& name) {
    std::ifstream file("host/providers/tests/golden/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(HypervSteps, GoInTheOrderOfTheGoldenFiles) {
    const HostFacts facts = example_host();
    EXPECT_EQ(as_text(*dda_steps(facts, demand())), golden("dda.txt"));
    EXPECT_EQ(as_text(*gpupv_steps(facts, demand())), golden("gpupv.txt"));
    EXPECT_EQ(as_text(*wsl_steps(example_host(HypervMethod::wsl), wsl_demand())), golden("wsl.txt"));
    EXPECT_EQ(as_text(eflow_dda_steps()), golden("eflow_dda.txt"));
    EXPECT_EQ(as_text(eflow_gpupv_steps()), golden("eflow_gpupv.txt"));
}

TEST(HypervScript, IsThePowerShellOfTheGoldenFiles) {
    const HostFacts facts = example_host();
    EXPECT_EQ(hyperv_script(facts, *dda_steps(facts, demand())), golden("dda.ps1"));
    EXPECT_EQ(hyperv_script(facts, *gpupv_steps(facts, demand())), golden("gpupv.ps1"));
    const HostFacts desktop = example_host(HypervMethod::wsl);
    EXPECT_EQ(hyperv_script(desktop, *wsl_steps(desktop, wsl_demand())), golden("wsl.ps1"));
    EXPECT_EQ(hyperv_script(example_host(HypervMethod::eflow_dda), eflow_dda_steps()), golden("eflow_dda.ps1"));
    EXPECT_EQ(hyperv_script(undeployed(), eflow_gpupv_steps(), deploying()), golden("eflow_gpupv.ps1"));
}

TEST(HypervScript, RestoringIsWrittenToo) {
    const HostFacts facts = example_host();
    std::vector<Step> back;
    auto steps = *dda_steps(facts, demand());
    for (Step& step : steps) {
        std::swap(step.before, step.wanted);
        back.insert(back.begin(), step);
    }
    const std::string script = hyperv_script(facts, back);
    EXPECT_THAT(script, HasSubstr("Remove-VMAssignableDevice -LocationPath 'PCIROOT(0)#PCI(0300)#PCI(0000)' -VMName "
                                  "'lab-guest'\nMount-VMHostAssignableDevice -LocationPath "
                                  "'PCIROOT(0)#PCI(0300)#PCI(0000)'\nEnable-PnpDevice -InstanceId "));
}

TEST(HypervScript, NamesStayLiterals) {
    const Step step{.resource = "vm/it's $(calc)\n; rm", .property = "state", .before = "off", .wanted = "running"};
    EXPECT_EQ(hyperv_script({}, {step}), "Start-VM -Name 'it''s $(calc) ; rm'\n");
}

TEST(HypervSteps, AVmThatIsOffIsOnlyStarted) {
    HostFacts facts = example_host();
    facts[example_vm]["state"] = std::string("off");
    HypervDemand without_leave = demand();
    without_leave.may_stop_vm = false;
    const auto steps = *dda_steps(facts, without_leave);
    EXPECT_EQ(steps.front().property, "automatic_stop_action");
    EXPECT_EQ(steps.back().wanted, "running");
}

/// What is changed in the host or the demand, and what the refusal has to say.
struct Refused {
    std::string name;
    std::function<void(HostFacts&, HypervDemand&)> change;
    ErrorCode code;
    std::string says;
    std::string advises;
};
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.name; }

class HypervRefusal : public testing::TestWithParam<Refused> {};

TEST_P(HypervRefusal, SaysWhatIsWrongAndWhatToDo) {
    HostFacts facts = example_host();
    HypervDemand asked = demand();
    GetParam().change(facts, asked);
    const auto refused = dda_steps(facts, asked);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, GetParam().code) << to_text(refused.error());
    EXPECT_THAT(refused.error().what, HasSubstr(GetParam().says));
    EXPECT_THAT(refused.error().fix, HasSubstr(GetParam().advises));
}

INSTANTIATE_TEST_SUITE_P(
    Dda, HypervRefusal,
    testing::Values(
        Refused{"UnknownVm", [](auto&, auto& asked) { asked.vm = "lab"; }, ErrorCode::usage, "lab-guest, other", "vm"},
        Refused{"RunningVm", [](auto&, auto& asked) { asked.may_stop_vm = false; }, ErrorCode::precondition, "runs",
                "may_stop"},
        Refused{"SavedVm", [](auto& facts, auto&) { facts[example_vm]["state"] = std::string("saved"); },
                ErrorCode::precondition, "is saved", "shut it down"},
        Refused{"Checkpoints", [](auto& facts, auto&) { facts[example_vm]["checkpoints"] = std::int64_t{2}; },
                ErrorCode::precondition, "checkpoints", "delete"},
        Refused{"AbsentCard", [](auto&, auto& asked) { asked.gpu = "T4"; }, ErrorCode::precondition,
                "no 'T4'; its cards: NVIDIA RTX A2000", "another host"},
        Refused{"AmbiguousCard",
                [](auto& facts, auto&) { facts["gpu/PCIROOT(0)#PCI(0400)#PCI(0000)"] = facts[example_card]; },
                ErrorCode::precondition, "more than one", "location"},
        Refused{"AssignedElsewhere", [](auto& facts, auto&) { facts[example_card]["state"] = std::string("vm:other"); },
                ErrorCode::busy, "assigned to the VM 'other'", "another card"},
        Refused{"AddressesTooShort",
                [](auto& facts, auto&) { facts["host"]["cpu.physical_address_bits"] = std::int64_t{36}; },
                ErrorCode::precondition, "36-bit", "address bits"}),
    [](const auto& refused) { return refused.param.name; });

TEST(HypervSteps, ACardThatWindowsDoesNotOfferIsNotShared) {
    HostFacts facts = example_host();
    facts[example_card].erase("partitionable_path");
    const auto refused = gpupv_steps(facts, demand());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().fix, HasSubstr("CUDA for WSL"));
}

TEST(HypervSteps, OneOfTwoCardsIsChosenByItsLocation) {
    HostFacts facts = example_host();
    facts["gpu/PCIROOT(0)#PCI(0400)#PCI(0000)"] = facts[example_card];
    HypervDemand asked = demand();
    asked.gpu = "PCIROOT(0)#PCI(0400)#PCI(0000)";
    EXPECT_EQ((*dda_steps(facts, asked)).back().resource, example_vm);
    EXPECT_EQ(*find_card(facts, asked.gpu), "gpu/PCIROOT(0)#PCI(0400)#PCI(0000)");
}

}  // namespace
}  // namespace passbench::tests
