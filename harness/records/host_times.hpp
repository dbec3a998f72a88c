// How long a host took to be prepared for an arm and to be given back: what the events host_prepared and host_given_back say, and the
// host_times of stats.json. Each lease of a passthrough arm is one life cycle of its guest, from the host's driver letting go of the card
// to the card's being at work on the host again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/facts.hpp"

namespace passbench {

namespace host_event {
inline constexpr std::string_view prepared = "host_prepared";
inline constexpr std::string_view given_back = "host_given_back";
}  // namespace host_event

/// From the call to the survey that showed the value.
struct HostSet {
    std::string what;  // vm/lab-guest state = running
    std::int64_t spent_ns = 0;
};

/// Facts of such an event, in the order that was done in; `simulated`: the host is played, and the time is its own.
[[nodiscard]] Facts host_time_facts(const std::vector<HostSet>& sets, bool simulated);
/// The sets of such an event; what is none of them is passed over.
[[nodiscard]] std::vector<HostSet> host_sets_of(const Facts& facts);
[[nodiscard]] bool is_simulated_host_time(const Facts& facts);

/// What one set took, or (`what` is "") the sum of all: the median over the leases, with an exact interval of order statistics. Surveys
/// before and after, and waiting for a host to come to rest, are in none.
struct HostTime {
    std::string arm = {};
    std::string event = {};  // host_event
    std::string what = {};
    int leases = 0;
    double median_ns = 0;
    std::optional<double> lo_ns = {};  // absent where the leases are too few
    std::optional<double> hi_ns = {};
    double confidence = 0;  // exact coverage of the interval; 0 where there is none
    bool simulated = false;
};

}  // namespace passbench
