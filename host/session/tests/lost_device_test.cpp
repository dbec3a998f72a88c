#include "host/session/lost_device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Event trial(std::string kind, Facts facts) {
    Event event;
    event.kind = std::move(kind);
    event.arm = "dda";
    event.facts = std::move(facts);
    return event;
}

Event ended_on(std::string device) { return trial("trial_ended", {{"device", std::move(device)}}); }

Event skipped_with(std::string finding) {
    return trial("trial_skipped", {{"code", std::string("unsupported")},
                                   {"finding", std::move(finding)},
                                   {"reason", std::string("the driver sees no device. Look for it.")}});
}

std::string text(const Event& event, std::string_view key) { return fact_text(event.facts, key).value_or("(absent)"); }

TEST(LostDevice, OfATrialThatEndedBeforeInTheJobHasFailed) {
    const auto events = with_lost_device({ended_on("Tesla T4, sm_75, 40 SMs"), skipped_with("gpu.no_device")}, "");
    EXPECT_EQ(events[0].kind, "trial_ended");
    EXPECT_EQ(events[1].kind, "trial_failed");
    EXPECT_EQ(text(events[1], "code"), "device_lost");
    EXPECT_EQ(text(events[1], "finding"), "gpu.vanished");
    EXPECT_THAT(text(events[1], "reason"),
                AllOf(HasSubstr("Tesla T4"), HasSubstr("the driver sees no device. Look for it."), HasSubstr("dmesg")));
}

TEST(LostDevice, OfEarlierJobsCountsToo) {
    EXPECT_EQ(with_lost_device({skipped_with("gpu.driver_mismatch")}, "Tesla T4")[0].kind, "trial_failed");
    EXPECT_EQ(device_of({ended_on("first"), ended_on("second"), skipped_with("gpu.no_device")}, "dda"), "second");
    EXPECT_EQ(device_of({ended_on("first")}, "native"), "") << "another arm's";
}

TEST(LostDevice, ThatNobodyHasSeenIsAbsent) {
    const auto events =
        with_lost_device({skipped_with("gpu.no_device"), ended_on("late"), trial("trial_ended", {})}, "");
    EXPECT_EQ(events[0].kind, "trial_skipped");
    EXPECT_EQ(text(events[0], "finding"), "gpu.no_device");
}

TEST(LostDevice, IsNotWhatATrialIsSkippedForThatCouldNotUseIt) {
    EXPECT_EQ(with_lost_device({skipped_with("gpu.old_driver")}, "Tesla T4")[0].kind, "trial_skipped");
    EXPECT_EQ(with_lost_device({trial("trial_skipped", {})}, "Tesla T4")[0].kind, "trial_skipped");
}

TEST(LostDevice, IsSeenByAProbeThatFoundItAtWork) {
    Environment guest;
    guest.identity["gpu.model"] = std::string("Tesla T4");
    EXPECT_EQ(device_of(guest), "");
    guest.capabilities["gpu.present"] = false;
    EXPECT_EQ(device_of(guest), "") << "the kernel driver knows a card that does not work";
    guest.capabilities["gpu.present"] = true;
    EXPECT_EQ(device_of(guest), "Tesla T4");
}

}  // namespace
}  // namespace passbench
