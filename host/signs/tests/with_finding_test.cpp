#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/findings.hpp"
#include "host/signs/detect.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Detection no_osc = {"dda.no_osc", "the host says so", "OS control of the PCI Express bus"};
const Detection too_small = {"dda.mmio_too_small", "the kernel says so", "Need 0x1000"};
const Detection unknown = {"host.unknown", "", "frobnicated"};

Error of(std::string what) {
    return {.code = ErrorCode::precondition, .what = std::move(what), .where = "step 3", .fix = "Do something."};
}

TEST(WithFinding, LeavesAnErrorOfWhichNothingIsKnownAsItIs) {
    const Error error = with_finding(of("it failed"), {});
    EXPECT_EQ(error.finding, "");
    EXPECT_EQ(error.fix, "Do something.");
    EXPECT_THAT(error.trail, IsEmpty());
}

TEST(WithFinding, AddsFindingAndCureAndKeepsTheWords) {
    const Error error = with_finding(of("no OS control of the PCI Express bus"), {no_osc});
    EXPECT_EQ(error.code, ErrorCode::precondition);
    EXPECT_EQ(error.what, "no OS control of the PCI Express bus");
    EXPECT_EQ(error.where, "step 3");
    EXPECT_EQ(error.finding, "dda.no_osc");
    EXPECT_EQ(error.fix, find_finding("dda.no_osc")->cure);
    EXPECT_THAT(error.trail, IsEmpty()) << "its words are among those of the error";
}

TEST(WithFinding, AddsTheWordsThatTheErrorDoesNotHave) {
    const Error error = with_finding(of("the dismount failed"), {no_osc});
    EXPECT_THAT(error.trail, ElementsAre("recognised by dda.no_osc: OS control of the PCI Express bus"));
}

TEST(WithFinding, NamesWhatElseWasDetected) {
    const Error error = with_finding(of("frobnicated"), {too_small, no_osc, unknown});
    EXPECT_EQ(error.finding, "dda.mmio_too_small");
    EXPECT_THAT(error.trail, ElementsAre("recognised by dda.mmio_too_small: Need 0x1000",
                                         "there was also dda.no_osc: OS control of the PCI Express bus",
                                         "there was also host.unknown: frobnicated"));
}

TEST(WithFinding, PrefersAKnownCauseToAnUnknownOneAndToAnEarlierGuess) {
    Error error = of("it failed");
    error.finding = "gpu.no_device";
    error = with_finding(std::move(error), {unknown, too_small});
    EXPECT_EQ(error.finding, "dda.mmio_too_small");
    EXPECT_THAT(error.trail, ElementsAre("first taken for gpu.no_device", "there was also host.unknown: frobnicated",
                                         "recognised by dda.mmio_too_small: Need 0x1000"));
}

TEST(WithFinding, ReplacesNothingByTheUnknown) {
    Error error = of("it failed");
    error.finding = "gpu.no_device";
    error = with_finding(std::move(error), {unknown});
    EXPECT_EQ(error.finding, "gpu.no_device");
    EXPECT_EQ(error.fix, "Do something.");
    error = with_finding({.what = "it failed"}, {unknown});
    EXPECT_EQ(error.finding, unknown_finding);
    EXPECT_EQ(error.fix, find_finding(unknown_finding)->cure);
    EXPECT_THAT(error.trail, ElementsAre("recognised by host.unknown: frobnicated"));
}

}  // namespace
}  // namespace passbench
