#include "host/session/progress_meter.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(ProgressMeter, AssumesBeforeItHasMeasuredAndThenGoesByWhatItMeasured) {
    ProgressMeter meter(2.0, 1);
    meter.begin_look(1, 2, 10);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 20);
    meter.begin_job(0, "local");
    meter.end_job(5, 2.5);
    EXPECT_EQ(meter.now().done, 5U);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 2.5);
    EXPECT_DOUBLE_EQ(meter.now().elapsed_s, 2.5);
}

TEST(ProgressMeter, CountsTheTrialsOfTheRunningJobOnce) {
    ProgressMeter meter(1.0, 1);
    meter.begin_look(1, 1, 4);
    meter.begin_job(0, "local");
    meter.seen(1, 3.0);
    meter.seen(2, 6.0);
    EXPECT_EQ(meter.now().done, 2U);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 6.0);
    meter.end_job(4, 12.0);
    EXPECT_EQ(meter.now().done, 4U);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 0);
}

TEST(ProgressMeter, WhatAnEarlierProcessMeasuredCountsForTheEstimateButNotForTheTimeSpent) {
    ProgressMeter meter(100.0, 1);
    meter.begin_look(1, 2, 8);
    meter.count_earlier(4, 2.0);
    EXPECT_EQ(meter.now().done, 4U);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 2.0);
    EXPECT_DOUBLE_EQ(meter.now().elapsed_s, 0);
}

TEST(ProgressMeter, ALaterLookAddsItsTrials) {
    ProgressMeter meter(1.0, 3);
    meter.begin_look(1, 2, 4);
    meter.end_job(4, 4.0);
    meter.begin_look(2, 4, 6);
    EXPECT_EQ(meter.now().planned, 10U);
    EXPECT_EQ(meter.now().look, 2);
    EXPECT_EQ(meter.now().looks, 3);
    EXPECT_DOUBLE_EQ(meter.now().left_s, 6.0);
}

}  // namespace
}  // namespace passbench
