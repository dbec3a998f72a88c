// The provider `local` on a tree of files that looks like /sys/devices/system/cpu.
#include "host/providers/local_provider.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "host/providers/tests/provider_contract.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::SizeIs;

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_policy(const fs::path& cpu, const std::string& name, const std::string& governor) {
    write(cpu / "cpufreq" / name / "scaling_governor", governor + "\n");
    write(cpu / "cpufreq" / name / "scaling_available_governors", "performance powersave \n");
}

class LocalMachine final : public HostUnderTest {
public:
    explicit LocalMachine(fs::path cpu) : cpu_(std::move(cpu)) {
        put_policy(cpu_, "policy0", "powersave");
        put_policy(cpu_, "policy1", "performance");
        put_policy(cpu_, "policy10", "powersave");
        write(cpu_ / "intel_pstate/no_turbo", "0\n");
    }
    [[nodiscard]] std::unique_ptr<Provider> provider() override {
        return std::make_unique<LocalProvider>(LocalPaths{.agent = {}, .cpu = cpu_});
    }
    [[nodiscard]] LeaseRequest request() const override {
        return asking_for({{"cpu_governor", "performance"}, {"cpu_turbo", "off"}});
    }

private:
    fs::path cpu_;
};

INSTANTIATE_TEST_SUITE_P(Local, ProviderContract,
                         testing::Values(ProviderUnderTest{"local", [](const fs::path& scratch) {
                                                               return std::make_unique<LocalMachine>(scratch);
                                                           }}));

class Local : public testing::Test {
public:
    ScratchFolder scratch;
    fs::path cpu = scratch.path() / "cpu";
    LocalProvider provider{{.agent = {}, .cpu = cpu}};

    [[nodiscard]] Result<std::vector<Step>> steps_for(std::map<std::string, std::string> prepare) {
        return provider.steps(*provider.survey(), asking_for(std::move(prepare)));
    }
};

TEST_F(Local, SetsTheGovernorOfEachPolicyThatHasAnother) {
    const LocalMachine machine(cpu);
    const auto steps = steps_for({{"cpu_governor", "performance"}});
    ASSERT_TRUE(steps);
    ASSERT_THAT(*steps, SizeIs(2));
    EXPECT_EQ((*steps)[0].resource, "cpufreq/policy0");
    EXPECT_EQ((*steps)[1].resource, "cpufreq/policy10");
    for (const Step& step : *steps) {
        EXPECT_EQ(step.before, "powersave");
        ASSERT_TRUE(provider.set(step.resource, step.property, step.wanted));
    }
    EXPECT_EQ(read(cpu / "cpufreq/policy10/scaling_governor"), "performance");
}

TEST_F(Local, CpusThatShareAClockTakeOneStep) {
    // cpu0 to cpu3 of such a machine lead to the same policy0: by CPU, the second step would find its work done.
    put_policy(cpu, "policy0", "powersave");
    for (const char* number : {"cpu0", "cpu1", "cpu2", "cpu3"}) {
        fs::create_directories(cpu / number);
        fs::create_directory_symlink(cpu / "cpufreq/policy0", cpu / number / "cpufreq");
    }
    EXPECT_THAT(*steps_for({{"cpu_governor", "performance"}}), SizeIs(1));
}

TEST_F(Local, TurboIsOneOfTwoSwitchesWithOppositeMeanings) {
    write(cpu / "cpufreq/boost", "1\n");
    EXPECT_EQ(fact_text(provider.survey()->at("cpu"), "turbo"), "on");
    ASSERT_TRUE(provider.set("cpu", "turbo", "off"));
    EXPECT_EQ(read(cpu / "cpufreq/boost"), "0");

    write(cpu / "intel_pstate/no_turbo", "1\n");
    EXPECT_EQ(fact_text(provider.survey()->at("cpu"), "turbo"), "off");
    ASSERT_TRUE(provider.set("cpu", "turbo", "on"));
    EXPECT_EQ(read(cpu / "intel_pstate/no_turbo"), "0");
    EXPECT_EQ(read(cpu / "cpufreq/boost"), "0") << "the other switch is not this driver's";
}

TEST_F(Local, AMachineWithoutFrequencyControlSaysSo) {
    EXPECT_THAT(*provider.survey(), ElementsAre(Key("machine")));
    EXPECT_THAT(*steps_for({}), IsEmpty());
    for (const char* key : {"cpu_governor", "cpu_turbo"}) {
        const auto refused = steps_for({{key, "performance"}});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
        EXPECT_THAT(refused.error().what, HasSubstr("its kernel shows no"));
        EXPECT_THAT(refused.error().fix, HasSubstr("virtual machine"));
    }
}

TEST_F(Local, AGovernorThatTheMachineDoesNotOfferIsRefusedWithThoseThatItDoes) {
    const LocalMachine machine(cpu);
    const auto refused = steps_for({{"cpu_governor", "schedutil"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().what, HasSubstr("performance powersave"));
}

TEST_F(Local, WhatTheKernelRefusesIsAnErrorWithItsPath) {
    fs::create_directories(cpu / "cpufreq/policy0/scaling_governor");  // a folder takes no value, not even from root
    const auto refused = provider.set("cpufreq/policy0", "governor", "performance");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().where, HasSubstr("policy0/scaling_governor"));
}

TEST_F(Local, TheRealMachineCanBeSurveyed) {
    LocalProvider real;
    const auto facts = real.survey();
    ASSERT_TRUE(facts) << to_text(facts.error());
    EXPECT_EQ(*real.survey(), *facts);
}

TEST_F(Local, ADemandThatThisMachineDoesNotMeetIsRefusedInItsWords) {
    HostFacts facts = {{"machine", {{"cpus", std::int64_t{4}}, {"memory_bytes", std::int64_t{8} << 30}}}};
    const auto refusal = [&](const MachineDemand& demand) {
        LeaseRequest request = asking_for({});
        request.machine = demand;
        const auto steps = provider.steps(facts, request);
        return steps ? std::string("none") : steps.error().where + ": " + steps.error().what;
    };
    EXPECT_EQ(refusal({.gpu = {}, .vcpus = 4, .memory_bytes = std::int64_t{8} << 30, .fixture = {}}), "none");
    EXPECT_THAT(refusal({.gpu = {}, .vcpus = 5, .memory_bytes = {}, .fixture = {}}),
                HasSubstr("machine.vcpus: this machine does not meet the scenario's demand: it has 4 CPUs, not 5"));
    EXPECT_THAT(refusal({.gpu = {}, .vcpus = {}, .memory_bytes = std::int64_t{16} << 30, .fixture = {}}),
                HasSubstr("it has 8 GiB of memory, not 16 GiB"));
    EXPECT_EQ(refusal({.gpu = "T4", .vcpus = {}, .memory_bytes = {}, .fixture = {}}), "none")
        << "the card is the probe's to name";
    facts.clear();
    EXPECT_EQ(refusal({.gpu = {}, .vcpus = 5, .memory_bytes = {}, .fixture = {}}), "none")
        << "of a host that says nothing";
}

TEST_F(Local, TheAgentLiesBesideTheRunningProgramUnlessItIsSaidWhere) {
    const auto beside = provider.agent_path();
    // The test programs have no agent beside them.
    ASSERT_FALSE(beside);
    EXPECT_EQ(beside.error().code, ErrorCode::agent_lost);
    EXPECT_EQ(beside.error().where, fs::read_symlink("/proc/self/exe").parent_path() / "passbench-agent");
    write(scratch.path() / "agent", "");
    EXPECT_EQ(*LocalProvider({.agent = scratch.path() / "agent", .cpu = cpu}).agent_path(), scratch.path() / "agent");
}

TEST(MakeProvider, AnUnknownNameIsRefusedWithTheKnownOnes) {
    EXPECT_EQ((*make_provider("local"))->name(), "local");
    const auto refused = make_provider("hyperv");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_THAT(refused.error().fix, HasSubstr("local"));
}

}  // namespace
}  // namespace passbench::tests
