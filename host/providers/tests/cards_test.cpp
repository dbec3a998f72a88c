// The provider `local` prepares a card: through the agent, on the stand-in NVML with a file for its state.
#include "host/providers/cards.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "host/providers/local_provider.hpp"
#include "host/providers/tests/provider_contract.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* card = "gpu/GPU-70617373-6265-6e63-682d-73696d2d3030";

class CardMachine final : public HostUnderTest {
public:
    explicit CardMachine(fs::path folder) : folder_(std::move(folder)) {
        fs::create_directories(folder_);
        setenv("PASSBENCH_NVML_STATE", state().c_str(), 1);
    }
    CardMachine(const CardMachine&) = delete;
    CardMachine& operator=(const CardMachine&) = delete;
    ~CardMachine() override {
        unsetenv("PASSBENCH_NVML_STATE");
        unsetenv("PASSBENCH_FAULT");
    }
    [[nodiscard]] std::unique_ptr<Provider> provider() override { return provider_of(PASSBENCH_AGENT); }
    [[nodiscard]] std::unique_ptr<Provider> provider_of(const fs::path& agent) const {
        return std::make_unique<LocalProvider>(
            LocalPaths{.agent = agent,
                       .cpu = folder_ / "cpu",
                       .cards = PreparedCards::simulated,
                       .asked_at = {{"gpu_clocks", "lab.toml:2:14"}, {"gpu_persistence", "lab.toml:3:19"}}});
    }
    [[nodiscard]] LeaseRequest request() const override {
        return asking_for({{"gpu_clocks", "10 MHz"}, {"gpu_persistence", "on"}});
    }
    [[nodiscard]] fs::path state() const { return folder_ / "card.state"; }
    [[nodiscard]] std::string kept() const {
        std::ifstream file(state());
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void plant(const std::string& fault) const {
        std::ofstream(folder_ / "fault") << fault << "\n";
        setenv("PASSBENCH_FAULT", (folder_ / "fault").c_str(), 1);
    }

private:
    fs::path folder_;
};

INSTANTIATE_TEST_SUITE_P(LocalCards, ProviderContract,
                         testing::Values(ProviderUnderTest{"local.simulated_gpu", [](const fs::path& scratch) {
                                                               return std::make_unique<CardMachine>(scratch);
                                                           }}));

class Cards : public testing::Test {
public:
    ~Cards() override { set_store_observer({}); }

    [[nodiscard]] Result<std::vector<Step>> steps_for(std::map<std::string, std::string> prepare) {
        return provider->steps(*provider->survey(), asking_for(std::move(prepare)));
    }
    [[nodiscard]] LeaseOrder order() const {
        return {.run = "run",
                .provider = provider->lease_name(),
                .state_folder = scratch.path() / "state",
                .times = soon()};
    }

    /// The agent has ended when it answers: nothing outlives it.
    [[nodiscard]] static EngineTimes soon() {
        EngineTimes times;
        times.settle_gap_ns = 1'000'000;
        return times;
    }

    ScratchFolder scratch;
    CardMachine machine{scratch.path() / "host"};
    std::unique_ptr<Provider> provider = machine.provider();
};

TEST_F(Cards, PersistenceComesFirstAndIsGivenBackLast) {
    const auto steps = *steps_for(machine.request().prepare);
    ASSERT_THAT(steps, SizeIs(2));
    EXPECT_EQ(steps[0].resource, card);
    EXPECT_EQ(steps[0].property, "persistence");
    EXPECT_EQ(steps[1].property, "clocks");
    EXPECT_EQ(steps[1].before, "unlocked");
}

TEST_F(Cards, ALeaseHoldsThemAndGivesThemBack) {
    {
        auto lease = Lease::acquire(*provider, *steps_for(machine.request().prepare), order());
        ASSERT_TRUE(lease) << to_text(lease.error());
        EXPECT_EQ(machine.kept(), "locked_mhz = 10\npersistence = 1\n");
        EXPECT_TRUE(lease->restore().host_equals_snapshot());
    }
    EXPECT_EQ(machine.kept(), "locked_mhz = 0\npersistence = 0\n");
}

TEST_F(Cards, AClockThatTheCardDoesNotHaveIsRefusedWhereItWasAskedFor) {
    const auto refused = steps_for({{"gpu_clocks", "1230 MHz"}, {"gpu_persistence", "on"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_EQ(refused.error().where, "lab.toml:2:14: [prepare] gpu_clocks");
    EXPECT_THAT(refused.error().what, HasSubstr("has no clock of 1230 MHz"));
    EXPECT_THAT(refused.error().fix, HasSubstr("5 10 15 20"));
    EXPECT_EQ(machine.kept(), "");
}

TEST_F(Cards, AClockThatTheDriverWouldForgetIsRefused) {
    for (const std::map<std::string, std::string>& prepare :
         {std::map<std::string, std::string>{{"gpu_clocks", "10 MHz"}},
          std::map<std::string, std::string>{{"gpu_clocks", "10 MHz"}, {"gpu_persistence", "off"}}}) {
        const auto refused = steps_for(prepare);
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().what, HasSubstr("forgets its clock"));
        EXPECT_THAT(refused.error().fix, HasSubstr("gpu_persistence = \"on\""));
    }
    ASSERT_TRUE(provider->set(card, "persistence", "on"));
    EXPECT_THAT(*steps_for({{"gpu_clocks", "10 MHz"}}), SizeIs(1)) << "it is on already";
}

TEST_F(Cards, WithoutRightsTheLeaseIsRefusedWhereItWasAskedForAndAllIsAsBefore) {
    machine.plant("nvml_denied = true");
    const HostFacts before = *provider->survey();
    const auto lease = Lease::acquire(*provider, *steps_for(machine.request().prepare), order());
    ASSERT_FALSE(lease);
    EXPECT_EQ(lease.error().code, ErrorCode::precondition);
    EXPECT_THAT(lease.error().where, HasSubstr("lab.toml:3:19"));
    EXPECT_THAT(to_text(lease.error()), AllOf(HasSubstr("Insufficient Permissions"), HasSubstr("Run as root")));
    EXPECT_EQ(*provider->survey(), before);
    EXPECT_EQ(machine.kept(), "");
    EXPECT_THAT(*read_quarantine(scratch.path() / "state"), IsEmpty());
}

TEST_F(Cards, WithoutNvmlOrAnAgentTheReasonIsGivenAndTheHostIsStillSurveyed) {
    fs::create_directories(scratch.path() / "bin");
    fs::copy_file(PASSBENCH_AGENT, scratch.path() / "bin/passbench-agent");  // with no stand-in beside it
    provider = machine.provider_of(scratch.path() / "bin/passbench-agent");
    const auto refused = steps_for(machine.request().prepare);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().what, HasSubstr("NVML does not load"));
    EXPECT_THAT(refused.error().where, HasSubstr("lab.toml:3:19"));
    EXPECT_THAT(*steps_for({}), IsEmpty());
    provider = machine.provider_of("/no/such/agent");
    EXPECT_THAT(steps_for(machine.request().prepare).error().what, HasSubstr("there is no passbench-agent"));
}

TEST_F(Cards, WithoutAFileTheStandInHasNoCardToPrepare) {
    unsetenv("PASSBENCH_NVML_STATE");
    EXPECT_THAT(steps_for(machine.request().prepare).error().fix, HasSubstr("PASSBENCH_NVML_STATE"));
}

TEST_F(Cards, AProviderThatPreparesNoCardDoesNotLookAtThem) {
    const LocalProvider other({.agent = "/no/such/agent", .cpu = scratch.path() / "cpu"});
    EXPECT_EQ(other.lease_name(), "local");
    EXPECT_FALSE(LocalProvider(LocalPaths{.agent = PASSBENCH_AGENT, .cpu = {}}).set(card, "persistence", "on"));
    EXPECT_EQ((*make_provider("local.gpu"))->lease_name(), "local.gpu");
    EXPECT_EQ((*make_provider("local.gpu"))->name(), "local");
    Lab lab = default_lab();
    EXPECT_EQ(provider_for({.provider = "local"}, lab, ""), "local");
    lab.prepare["gpu_persistence"] = "on";
    EXPECT_EQ(provider_for({.provider = "local"}, lab, ""), "local.gpu");
    lab.simulated = true;
    EXPECT_EQ(provider_for({.provider = "local"}, lab, ""), "local.simulated_gpu");
}

/// A lease in a process that kills itself at this operation on durable files; false where it ended before.
bool is_killed_at(int moment, Provider& provider, const std::vector<Step>& steps, const LeaseOrder& order) {
    const pid_t child = fork();
    if (child == 0) {
        int moments = 0;
        set_store_observer([&](StoreOperation, const fs::path&, bool) {
            if (++moments == moment) kill(getpid(), SIGKILL);
            return 0;
        });
        auto lease = Lease::acquire(provider, steps, order);
        _exit(lease && lease->restore().host_equals_snapshot() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST_F(Cards, WhereverAControllerIsKilledReleaseGivesTheCardBack) {
    const HostFacts before = *provider->survey();
    const auto steps = *steps_for(machine.request().prepare);
    int kills = 0;
    int held = 0;
    constexpr int stride = 3;  // the engine's own kill tests try every one
    for (int moment = 1; is_killed_at(moment, *provider, steps, order()); moment += stride) {
        SCOPED_TRACE(moment);
        ++kills;
        held += machine.kept() == "locked_mhz = 10\npersistence = 1\n" ? 1 : 0;
        const auto report = release(
            scratch.path() / "state",
            [&](const std::string& name) -> Result<std::unique_ptr<Resources>> {
                EXPECT_EQ(name, "local.simulated_gpu");
                return machine.provider();
            },
            soon());
        ASSERT_TRUE(report) << to_text(report.error());
        EXPECT_TRUE(report->is_clean());
        EXPECT_EQ(*machine.provider()->survey(), before);
        fs::remove_all(scratch.path() / "state");
    }
    EXPECT_GT(kills, 6);
    EXPECT_GT(held, 0) << "no kill found the card changed";
}

}  // namespace
}  // namespace passbench::tests
