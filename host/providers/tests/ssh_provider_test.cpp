// The provider `ssh` over a real sshd: the contract of providers, with the card of the stand-in NVML as what it prepares.
#include "host/providers/ssh_provider.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "host/carriers/tests/real_sshd.hpp"
#include "host/providers/tests/provider_contract.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SshMachine final : public HostUnderTest {
public:
    [[nodiscard]] std::unique_ptr<Provider> provider() override {
        return std::make_unique<SshProvider>(guest(PreparedCards::simulated));
    }
    [[nodiscard]] SshGuest guest(PreparedCards cards) const {
        return {.settings = sshd.settings(),
                .cards = cards,
                .asked_at = {{"gpu_clocks", "lab.toml:2:14"}, {"cpu_governor", "lab.toml:4:16"}}};
    }
    [[nodiscard]] LeaseRequest request() const override {
        return asking_for({{"gpu_clocks", "10 MHz"}, {"gpu_persistence", "on"}});
    }

    RealSshd sshd{{.keeps_card = true}};
};

INSTANTIATE_TEST_SUITE_P(Ssh, ProviderContract,
                         testing::Values(ProviderUnderTest{
                             "ssh.simulated_gpu", [](const fs::path&) { return std::make_unique<SshMachine>(); }}));

class SshGuestMachine : public testing::Test {
public:
    void SetUp() override { ASSERT_TRUE(RealSshd::is_here()) << "scripts/setup.sh test installs openssh-server"; }

    SshMachine machine;
    SshProvider provider{machine.guest(PreparedCards::untouched)};
};

TEST_F(SshGuestMachine, IsSurveyedByItsAgentAndHeldAgainstWhatIsDemanded) {
    const auto facts = provider.survey();
    ASSERT_TRUE(facts) << to_text(facts.error());
    const Facts& seen = facts->at("machine/passbench@passbench-test");
    EXPECT_GT(fact_int(seen, "cpus"), 0);
    EXPECT_GT(fact_int(seen, "memory_bytes"), 1 << 20);
    EXPECT_EQ(fact_text(seen, "arrivals"), "checked by sha256sum");
    LeaseRequest request = asking_for({});
    EXPECT_THAT(*provider.steps(*facts, request), IsEmpty());
    request.machine.vcpus = 1000;
    const auto refused = provider.steps(*facts, request);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("not 1000"));
}

TEST_F(SshGuestMachine, IsReachedAgainByTheNameInTheJournal) {
    const SshProvider prepares(machine.guest(PreparedCards::simulated));
    const auto again = make_provider(prepares.lease_name());
    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_EQ((*again)->lease_name(), prepares.lease_name());
    ASSERT_TRUE((*again)->set("gpu/GPU-70617373-6265-6e63-682d-73696d2d3030", "persistence", "on"));
    EXPECT_EQ((*again)->survey()->at("gpu/GPU-70617373-6265-6e63-682d-73696d2d3030").at("persistence"), Fact("on"));
}

TEST_F(SshGuestMachine, WhatBelongsToItsProcessorIsRefusedWhereItWasAskedFor) {
    const auto refused = provider.steps({}, asking_for({{"cpu_governor", "performance"}}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().where, HasSubstr("lab.toml:4:16"));
}

TEST_F(SshGuestMachine, AnAgentThatIsNotHereOrIsKilledThereIsSaid) {
    SshGuest guest = machine.guest(PreparedCards::untouched);
    guest.agent = "/no/such/agent";
    auto survey = SshProvider(guest).survey();
    ASSERT_FALSE(survey);
    EXPECT_EQ(survey.error().code, ErrorCode::agent_lost);
    EXPECT_EQ(survey.error().where, "/no/such/agent");

    guest.agent = machine.sshd.folder() / "agent";
    std::ofstream(guest.agent) << "#!/bin/sh\necho last words\nkill -KILL $$\n";
    fs::permissions(guest.agent, fs::perms::owner_all);
    survey = SshProvider(guest).survey();
    ASSERT_FALSE(survey);
    EXPECT_EQ(survey.error().code, ErrorCode::agent_lost);
    EXPECT_THAT(survey.error().what, AllOf(HasSubstr("exit code 137"), HasSubstr("last words")));
}

TEST_F(SshGuestMachine, AChosenAgentAndTheStandInsAreBroughtThere) {
    const fs::path agent = machine.sshd.folder() / "mine";
    std::ofstream(agent) << "#!/bin/sh\nexit 9\n";
    fs::permissions(agent, fs::perms::owner_all);
    const auto there = provider.chosen_agent(agent.string());
    ASSERT_TRUE(there) << to_text(there.error());
    EXPECT_EQ(provider.carrier()->exec({*there}, 60'000'000'000, {})->exit_code, 9);
    EXPECT_NE(*provider.chosen_agent(""), *there);
    const auto driver = provider.stand_in_driver(*there);
    ASSERT_TRUE(driver) << to_text(driver.error());
    EXPECT_TRUE(fs::exists(*driver));
    EXPECT_TRUE(fs::exists(fs::path(*driver).parent_path() / "libnvidia-ml.so.1"));
}

}  // namespace
}  // namespace passbench::tests
