// What a refusal of the host means to whoever asked.
#include "host/powershell/host_functions.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace passbench {
namespace {

struct Meaning {
    FunctionError error;
    ErrorCode code;
    std::string finding;
};

TEST(FunctionError, TellsKindsApartThatAreDealtWithDifferently) {
    const std::vector<Meaning> meanings = {
        {{"m", "CommandNotFoundException", "ObjectNotFound", ""}, ErrorCode::unsupported, "host.cmdlet_missing"},
        {{"m", "AccessDenied,StartVM", "PermissionDenied", ""}, ErrorCode::precondition, "host.access_denied"},
        {{"m", "OperationFailed,StartVM", "NotSpecified", "0x80070005"}, ErrorCode::precondition, "host.access_denied"},
        {{"m", "PassBench.UnknownFunction", "InvalidArgument", ""}, ErrorCode::unsupported, "host.interpreter_version"},
        {{"m", "ObjectInUse,SetVM", "ResourceBusy", ""}, ErrorCode::busy, ""},
        {{"m", "PassBench.ShutDownTimedOut", "OperationTimeout", ""}, ErrorCode::timeout, ""},
        {{"m", "OperationFailed,StartVM", "NotSpecified", ""}, ErrorCode::precondition, ""},
        {{"m", "", "", ""}, ErrorCode::precondition, ""},
    };
    for (const Meaning& meaning : meanings) {
        const Error error = to_error("Do-It", meaning.error);
        EXPECT_EQ(error.code, meaning.code) << meaning.error.id;
        EXPECT_EQ(error.finding, meaning.finding) << meaning.error.id;
        EXPECT_EQ(error.what, "m");
        EXPECT_EQ(error.where, "Do-It");
        EXPECT_FALSE(error.fix.empty());
    }
}

TEST(FunctionError, OneWithoutWordsIsSaidToBeSo) {
    EXPECT_EQ(to_error("Do-It", {.message = ""}).what, "the host gave no reason");
    EXPECT_EQ(to_error("Do-It", {.message = "m", .id = "I"}).trail.at(0), "the host calls it I");
}

}  // namespace
}  // namespace passbench
