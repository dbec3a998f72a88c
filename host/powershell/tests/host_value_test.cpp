// What a host says of itself becomes facts of the types that everything after it relies on.
#include "host/powershell/host_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(HostValue, KnownAndUnknownKeysAreKept) {
    const auto host = host_facts_from_value(R"({"resources": {
        "host": {"os.build": 17763, "elevated": true, "service.vmms": "running", "feature.hyperv": true, "new": 1.5},
        "vm/lab \"guest\"": {"state": "off", "low_mmio_bytes": 3221225472},
        "network/x": {"anything": false}}, "more": []})");
    ASSERT_TRUE(host) << to_text(host.error());
    EXPECT_EQ(fact_int(host->at("host"), "os.build"), 17763);
    EXPECT_EQ(fact_bool(host->at("host"), "elevated"), true);
    EXPECT_EQ(fact_double(host->at("host"), "new"), 1.5);
    EXPECT_EQ(fact_int(host->at("vm/lab \"guest\""), "low_mmio_bytes"), 3221225472);
    EXPECT_EQ(fact_bool(host->at("network/x"), "anything"), false);
}

TEST(HostValue, WhatIsNoHostIsRefusedWithThePlace) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {R"({})", "the key 'resources' is missing"},
        {R"({"resources": []})", "resources: expected an object"},
        {R"({"resources": {"host": 1}})", "expected an object"},
        {R"({"resources": {"": {}}})", "a name is empty"},
        {R"({"resources": {"host": {"os.build": "17763"}}})", "os.build: expected an integer"},
        {R"({"resources": {"host": {"os.build": 17763.0}}})", "os.build: expected an integer"},
        {R"({"resources": {"host": {"elevated": "True"}}})", "elevated: expected true or false"},
        {R"({"resources": {"host": {"service.vmms": true}}})", "service.vmms: expected a text"},
        {R"({"resources": {"host": {"feature.hyperv": 1}}})", "feature.hyperv: expected true or false"},
        {R"({"resources": {"gpu/X": {"problem_code": null}}})", "problem_code: expected"},
        {R"({"resources": {"function/X": {"state": 1}}})", "state: expected a text"},
        {R"({"resources": {"registry": {"RequireSecureDeviceAssignment": 0}}})", "expected a text"},
        {R"({"resources": {"vm/a": {"secure_boot": "off"}}})", "secure_boot: expected true or false"},
        {R"({"resources": {"host": {"list": [1]}}})", "list: expected"},
    };
    for (const auto& [value, words] : bad) {
        const auto host = host_facts_from_value(value);
        ASSERT_FALSE(host) << value;
        EXPECT_EQ(host.error().code, ErrorCode::bad_record);
        EXPECT_EQ(host.error().finding, "host.interpreter_garbled");
        EXPECT_THAT(host.error().what, HasSubstr(words)) << value;
    }
}

TEST(HostValue, MoreThanAHostHasIsRefused) {
    std::string many = R"({"resources": {"host": {)";
    for (int key = 0; key < 1001; ++key) many += (key == 0 ? "\"" : ",\"") + std::to_string(key) + "\":1";
    EXPECT_FALSE(host_facts_from_value(many + "}}}"));
    EXPECT_FALSE(host_facts_from_value(R"({"resources": {"host": {"x": ")" + std::string(65'537, 'x') + "\"}}}"));
    EXPECT_FALSE(host_facts_from_value(R"({"resources": {")" + std::string(1025, 'x') + "\": {}}}"));
}

TEST(JobsValue, IsAListOfTexts) {
    EXPECT_THAT(*jobs_from_value(R"({"jobs": ["a", "b"]})"), ElementsAre("a", "b"));
    EXPECT_FALSE(jobs_from_value(R"({"jobs": "a"})"));
    EXPECT_FALSE(jobs_from_value(R"({"jobs": [1]})"));
}

}  // namespace
}  // namespace passbench
