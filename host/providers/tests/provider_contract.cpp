#include "host/providers/tests/provider_contract.hpp"

#include <fstream>
#include <map>
#include <utility>

#include <gmock/gmock.h>

#include "host/engine/journal.hpp"
#include "host/engine/set_and_observe.hpp"

namespace passbench::tests {

LeaseRequest asking_for(std::map<std::string, std::string> prepare) {
    LeaseRequest request;
    request.arm = "local";
    request.binding.provider = "local";
    request.prepare = std::move(prepare);
    return request;
}

std::optional<LeaseRequest> HostUnderTest::nothing_to_do() const {
    LeaseRequest nothing = request();
    nothing.prepare.clear();
    return nothing;
}

namespace {

using testing::IsEmpty;
using testing::Not;

TEST_P(ProviderContract, SurveysTheSameTwice) {
    const HostFacts facts = *provider->survey();
    EXPECT_THAT(facts, Not(IsEmpty()));
    EXPECT_EQ(*provider->survey(), facts);
    EXPECT_EQ(*host->provider()->survey(), facts) << "nothing of it is the provider's own memory";
}

TEST_P(ProviderContract, StepsFollowFromFactsAndRequestAlone) {
    const HostFacts facts = *provider->survey();
    const auto before = *provider->steps(facts, host->request());
    EXPECT_GE(before.size(), 2U);
    for (const Step& step : before) ASSERT_TRUE(set_and_observe(*provider, {}, step, step.wanted));
    EXPECT_EQ(*provider->steps(facts, host->request()), before) << "the host was looked at, not the facts";
    EXPECT_EQ(*host->provider()->steps(facts, host->request()), before);
}

TEST_P(ProviderContract, AStepSaysWhatIsWhatShallBeAndWhy) {
    const HostFacts facts = *provider->survey();
    std::map<std::pair<std::string, std::string>, std::string> now;  // where a property takes more than one step
    for (const Step& step : steps()) {
        const auto [is, first] =
            now.try_emplace({step.resource, step.property}, observed_value(facts, step.resource, step.property));
        EXPECT_EQ(step.before, is->second);
        EXPECT_NE(step.wanted, step.before);
        EXPECT_THAT(step.why, Not(IsEmpty()));
        is->second = step.wanted;
    }
}

TEST_P(ProviderContract, WhatIsNotAskedForTakesNoStep) {
    const auto nothing = host->nothing_to_do();
    if (!nothing) GTEST_SKIP() << "whoever asks this provider for a guest asks for steps";
    EXPECT_THAT(*provider->steps(*provider->survey(), *nothing), IsEmpty());
}

TEST_P(ProviderContract, WhatIsSoAlreadyTakesNoStep) {
    for (const Step& step : steps()) {
        ASSERT_TRUE(set_and_observe(*provider, {}, step, step.wanted)) << step.property;
    }
    EXPECT_THAT(steps(), IsEmpty());
}

TEST_P(ProviderContract, APreparationThatItDoesNotKnowIsRefused) {
    LeaseRequest request = host->request();
    request.prepare["cpu_governer"] = "performance";
    const auto refused = provider->steps(*provider->survey(), request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_THAT(refused.error().what, testing::HasSubstr("cpu_governer"));
    EXPECT_THAT(refused.error().fix, Not(IsEmpty()));
}

TEST_P(ProviderContract, SetCarriesOutAndRestores) {
    for (const Step& step : steps()) {
        const HostFacts before = *provider->survey();
        ASSERT_TRUE(set_and_observe(*provider, {}, step, step.wanted));
        ASSERT_TRUE(set_and_observe(*provider, {}, step, step.before));
        EXPECT_EQ(*provider->survey(), before) << step.resource << " " << step.property << " changes more than itself";
        ASSERT_TRUE(set_and_observe(*provider, {}, step, step.wanted)) << "the next may need it";
    }
}

TEST_P(ProviderContract, WhatItDoesNotKnowItDoesNotSet) {
    const HostFacts before = *provider->survey();
    const Step known = steps().front();
    for (const auto& [resource, property] :
         std::vector<std::pair<std::string, std::string>>{{"no/such/resource", known.property},
                                                          {known.resource, "no_such_property"},
                                                          {"", ""},
                                                          {known.resource, ""},
                                                          {"../" + known.resource, known.property},
                                                          {known.resource + "/..", known.property},
                                                          {known.resource, "../" + known.property}}) {
        const auto refused = provider->set(resource, property, known.wanted);
        ASSERT_FALSE(refused) << resource << " " << property;
        EXPECT_THAT(refused.error().fix, Not(IsEmpty()));
    }
    EXPECT_EQ(*provider->survey(), before);
}

TEST_P(ProviderContract, ALeaseLeavesTheHostAsItWas) {
    const HostFacts before = *provider->survey();
    auto lease = Lease::acquire(*provider, steps(), order());
    ASSERT_TRUE(lease) << to_text(lease.error());
    EXPECT_THAT(steps(), IsEmpty()) << "all that was asked for is so";
    EXPECT_TRUE(lease->restore().host_equals_snapshot());
    EXPECT_EQ(*provider->survey(), before);
}

TEST_P(ProviderContract, ANewProviderReleasesWhatALostLeaseLeft) {
    const HostFacts before = *provider->survey();
    const std::vector<Step> wanted = steps();
    std::string journal;
    {
        auto lease = Lease::acquire(*provider, wanted, order());
        ASSERT_TRUE(lease);
        journal = *journal_text(order().state_folder, order().run);
    }
    // As a process that is killed while it measures leaves both.
    std::ofstream(order().state_folder / "journals/run.jsonl", std::ios::binary) << journal;
    for (const Step& step : wanted) {
        ASSERT_TRUE(set_and_observe(*provider, {}, step, step.wanted));
    }
    provider.reset();

    EngineTimes soon;
    soon.settle_gap_ns = 1'000'000;  // the local machine has no jobs that outlive us, and its time is real
    const auto report = release(
        scratch.path() / "state",
        [this](const std::string&) -> Result<std::unique_ptr<Resources>> { return host->provider(); }, soon);
    ASSERT_TRUE(report) << to_text(report.error());
    EXPECT_TRUE(report->is_clean());
    EXPECT_EQ(*host->provider()->survey(), before);
}

TEST_P(ProviderContract, ItsCarrierReachesTheGuest) {
    const auto carrier = provider->carrier();
    ASSERT_TRUE(carrier->make_job_folder("job"));
    const auto result = carrier->exec({"/bin/sh", "-c", "exit 3"}, 60'000'000'000, {});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_EQ(result->exit_code, 3);
}

}  // namespace
}  // namespace passbench::tests
