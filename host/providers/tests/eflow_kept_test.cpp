// What is done to EFLOW's machine for good: only by consent, once, without a trace of a secret, and never half-way out of sight.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/eflow_machine.hpp"
#include "host/providers/kept_steps.hpp"
#include "host/providers/tests/hyperv_example.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* variable = "PASSBENCH_TEST_EDGE_KEY";
constexpr const char* secret = "c2VjcmV0LW9mLXRlc3Rz";

/// A desktop with EFLOW, whose machine is there or not.
class EflowKept : public testing::Test {
protected:
    EflowKept() {
        ::setenv(variable, secret, 1);
        lease.eflow.deploy = true;
        EflowProvisioning& provisioning = lease.eflow.provisioning.emplace();
        provisioning.type = "DpsSymmetricKey";
        provisioning.scope_id = "0ne0";
        provisioning.registration_id = "edge-1";
        provisioning.secret_variable = variable;
        host = std::make_shared<SimulatedHost>(*SimulatedHost::create(file, not_deployed()));
    }
    ~EflowKept() override { ::unsetenv(variable); }

    [[nodiscard]] static SimulatedState not_deployed() {
        SimulatedState state;
        state.facts = example_host(HypervMethod::eflow_gpupv);
        state.facts["eflow"] = {{"deployment", std::string("none")}};
        for (const auto& [resource, unused] : state.facts) note_power(state, resource);
        return state;
    }
    [[nodiscard]] std::unique_ptr<HypervProvider> provider() const {
        return std::make_unique<HypervProvider>(lease, host, host->clock(), GuestAccess());
    }
    [[nodiscard]] static LeaseRequest request(const std::vector<std::string>& keep) {
        LeaseRequest request;
        request.machine.gpu = "RTX A2000";
        request.consent = {.nvidia_eula = true, .force_dismount = false, .keep = keep};
        return request;
    }
    [[nodiscard]] Result<Lease> acquire(Provider& with, const std::vector<Step>& steps) const {
        return Lease::acquire(with, steps,
                              {.run = "run",
                               .provider = with.lease_name(),
                               .state_folder = scratch.path() / "state",
                               .consents = consented_steps(steps, request(all).consent)});
    }
    [[nodiscard]] std::string text_of_all_files() const {
        std::ostringstream text;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
            if (entry.is_regular_file()) text << std::ifstream(entry.path()).rdbuf();
        }
        return text.str();
    }

    ScratchFolder scratch;
    std::filesystem::path file = scratch.path() / "host" / "host.json";
    HypervLease lease{.method = HypervMethod::eflow_gpupv};
    std::shared_ptr<SimulatedHost> host;
    const std::vector<std::string> all = {"eflow_deployment", "eflow_provisioning"};
};

TEST_F(EflowKept, TakesConsentForEach) {
    const auto with = provider();
    const auto facts = with->survey();
    ASSERT_TRUE(facts) << to_text(facts.error());
    using Words = std::vector<std::string>;
    for (const auto& [given, missing] : std::vector<std::pair<Words, std::string>>{
             {Words{}, "eflow_deployment"}, {Words{"eflow_deployment"}, "eflow_provisioning"}}) {
        const auto refused = with->steps(*facts, request(given));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::consent);
        EXPECT_THAT(refused.error().fix, HasSubstr(missing));
    }
    EXPECT_TRUE(with->steps(*with->survey(), request(all)));
}

TEST_F(EflowKept, WithoutDeployAMachineThatIsNotThereIsRefusedWithBothWaysOut) {
    lease.eflow.deploy = false;
    const auto with = provider();
    EXPECT_THAT(with->steps(*with->survey(), request(all)).error().fix,
                testing::AllOf(HasSubstr("Deploy-Eflow"), HasSubstr("deploy = true")));
}

TEST_F(EflowKept, IsDoneOnceAndAllElseIsUndoneAfterEachBlock) {
    const auto with = provider();
    const auto steps = *with->steps(*with->survey(), request(all));
    for (int block = 0; block < 3; ++block) {
        auto held = acquire(*with, steps);
        ASSERT_TRUE(held) << to_text(held.error());
        EXPECT_TRUE(held->restore().host_equals_snapshot());
    }
    const Facts& machine = host->state().facts.at("eflow");
    EXPECT_EQ(shown_fact(machine, "deployment"), "deployed");
    EXPECT_EQ(shown_fact(machine, "provisioning_type"), "DpsSymmetricKey");
    EXPECT_EQ(shown_fact(machine, "config.gpu"), "none");
    EXPECT_EQ(shown_fact(machine, "power"), "off");
    // A later run finds it so.
    auto again = acquire(*with, *with->steps(*with->survey(), request({"eflow_provisioning"})));
    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_TRUE(again->restore().host_equals_snapshot());
}

TEST_F(EflowKept, ASecretIsInNoFileAndInNoErrorAndItsVariableIsNamedWhereItIsNotSet) {
    const auto with = provider();
    const auto steps = *with->steps(*with->survey(), request(all));
    EXPECT_TRUE(acquire(*with, steps));
    EXPECT_THAT(text_of_all_files(), testing::AllOf(HasSubstr("DpsSymmetricKey"), Not(HasSubstr(secret))));
    EXPECT_THAT(with->lease_name() + with->script(*with->survey(), steps), Not(HasSubstr(secret)));
    ::unsetenv(variable);
    EXPECT_TRUE(host->call("Set-PassBenchEflowPower", R"({"power":"running"})"));
    const auto refused = with->set("eflow", "provisioning_type", "DpsSymmetricKey");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr(variable));
}

TEST_F(EflowKept, AFaultAtAnyCallLeavesAHostThatIsPutBackOrNamed) {
    const std::vector<std::string> functions = {"New-PassBenchEflowVm", "Set-PassBenchEflowProvisioning",
                                                "Set-PassBenchEflowPower", "Set-PassBenchEflowVm"};
    for (const std::string& function : functions) {
        for (const auto what : {Misbehaviour::refuse, Misbehaviour::refuse_after, Misbehaviour::do_nothing,
                                Misbehaviour::die_after, Misbehaviour::hang}) {
            SCOPED_TRACE(function + " " + std::string(to_string(what)));
            const ScratchFolder own;
            host = std::make_shared<SimulatedHost>(*SimulatedHost::create(own.path() / "host.json", not_deployed()));
            const auto with = provider();
            const HostFacts before = *with->survey();
            const auto steps = *with->steps(before, request(all));
            host->plant({.function = function, .nth = 1, .what = what, .message = "The operation failed."});
            const LeaseOrder order{.run = "run",
                                   .provider = with->lease_name(),
                                   .state_folder = own.path() / "state",
                                   .consents = consented_steps(steps, request(all).consent)};
            { auto held = Lease::acquire(*with, steps, order); }
            host->forget_faults();
            const auto report =
                release(own.path() / "state",
                        [&](const std::string&) -> Result<std::unique_ptr<Resources>> { return provider(); });
            ASSERT_TRUE(report) << to_text(report.error());
            EXPECT_TRUE(report->is_clean());
            std::vector<JournalStep> kept;
            for (const Step& step : steps) kept.push_back({.step = step});
            const auto left = host_differences(before, *with->survey(), kept);
            EXPECT_TRUE(left.empty()) << left.front().resource << " " << left.front().property;
        }
    }
}

TEST_F(EflowKept, AFileComesInPiecesWhereItCannotBeCopied) {
    EXPECT_TRUE(acquire(*provider(), *provider()->steps(*provider()->survey(), request(all))));
    EXPECT_TRUE(host->call("Set-PassBenchEflowPower", R"({"power":"running"})"));
    std::ofstream(scratch.path() / "agent") << std::string(30'000, 'x');
    EXPECT_TRUE(copy_to_eflow(*host, scratch.path() / "agent", "/home/iotedge-user/agent")) << "OpenSSH is 8.6 here";
    host->plant(
        {.function = "Write-PassBenchEflowFile", .nth = 3, .what = Misbehaviour::refuse, .message = "No space"});
    const auto refused = copy_to_eflow(*host, scratch.path() / "agent", "/home/iotedge-user/agent");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "No space");
    EXPECT_THAT(refused.error().trail.back(), HasSubstr("could not be copied"));
}

}  // namespace
}  // namespace passbench::tests
