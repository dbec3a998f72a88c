// What leases took, from the events that tell of them.
#include "harness/stats/host_times.hpp"

#include <gmock/gmock.h>

namespace passbench::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double confidence = 0.95;

Event lease_event(std::string_view kind, const std::string& arm, const std::vector<HostSet>& sets,
                  bool simulated = false) {
    Event event;
    event.kind = kind;
    event.arm = arm;
    event.facts = host_time_facts(sets, simulated);
    return event;
}

std::vector<std::string> names_of(const std::vector<HostTime>& times) {
    std::vector<std::string> names;
    names.reserve(times.size());
    for (const HostTime& time : times) names.push_back(time.arm + " " + time.event + " " + time.what);
    return names;
}

TEST(HostTimes, AreByArmInTheOrderOfTheStepsWithAllOfThemFirst) {
    const std::vector<Event> events = {
        lease_event(host_event::prepared, "dda", {{"vm/a state = off", 5}, {"gpu/0 state = disabled", 2}}),
        lease_event(host_event::given_back, "dda", {{"gpu/0 state = host", 3}}),
        lease_event(host_event::prepared, "gpupv", {{"gpu/0 instance = a", 1}}),
    };
    EXPECT_THAT(names_of(host_times(events, {"gpupv", "native", "dda"}, confidence)),
                ElementsAre("gpupv host_prepared ", "gpupv host_prepared gpu/0 instance = a", "dda host_prepared ",
                            "dda host_prepared vm/a state = off", "dda host_prepared gpu/0 state = disabled",
                            "dda host_given_back ", "dda host_given_back gpu/0 state = host"));
}

TEST(HostTimes, AreMediansOfTheLeasesWithTheExactIntervalOfSix) {
    std::vector<Event> events;
    for (const std::int64_t ns : {60, 10, 50, 20, 40, 30}) {
        events.push_back(
            lease_event(host_event::prepared, "dda", {{"vm/a state = running", ns}, {"gpu/0 state = a", 1}}));
    }
    const std::vector<HostTime> times = host_times(events, {"dda"}, confidence);
    ASSERT_EQ(times.size(), 3U);
    EXPECT_EQ(times[0].median_ns, 36);
    EXPECT_EQ(times[1].median_ns, 35);
    EXPECT_EQ(times[1].leases, 6);
    EXPECT_EQ(times[1].lo_ns, 10);
    EXPECT_EQ(times[1].hi_ns, 60);
    EXPECT_EQ(times[1].confidence, 0.96875);
    events.pop_back();
    EXPECT_EQ(host_times(events, {"dda"}, confidence)[1].lo_ns, std::nullopt) << "five cannot bound a median";
}

TEST(HostTimes, WhatALeaseDoesTwiceIsItsSum) {
    const std::vector<Event> events = {lease_event(
        host_event::prepared, "dda", {{"vm/a state = off", 5}, {"vm/a state = running", 20}, {"vm/a state = off", 7}})};
    const std::vector<HostTime> times = host_times(events, {"dda"}, confidence);
    ASSERT_EQ(times.size(), 3U);
    EXPECT_EQ(times[0].median_ns, 32);
    EXPECT_EQ(times[1].median_ns, 12);
}

TEST(HostTimes, AStepThatSomeLeasesDidNotNeedIsOfTheOthers) {
    const std::vector<Event> events = {
        lease_event(host_event::prepared, "dda", {{"vm/a state = off", 5}, {"gpu/0 state = a", 1}}),
        lease_event(host_event::prepared, "dda", {{"gpu/0 state = a", 3}})};
    const std::vector<HostTime> times = host_times(events, {"dda"}, confidence);
    EXPECT_EQ(times[0].leases, 2);
    EXPECT_EQ(times[1].leases, 1);
    EXPECT_EQ(times[2].median_ns, 2);
}

TEST(HostTimes, OfAPlayedHostAreSimulated) {
    const std::vector<Event> events = {lease_event(host_event::prepared, "dda", {{"vm/a state = off", 5}}, true)};
    EXPECT_TRUE(host_times(events, {"dda"}, confidence)[0].simulated);
    EXPECT_THAT(host_times(events, {"native"}, confidence), IsEmpty());
}

}  // namespace
}  // namespace passbench::tests
