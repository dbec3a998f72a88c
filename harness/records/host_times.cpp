#include "harness/records/host_times.hpp"

#include <fmt/core.h>

#include "harness/records/stats_codec.hpp"

namespace passbench {

namespace {

constexpr std::string_view simulated_key = "simulated";
constexpr std::string_view set_prefix = "set.";  // set.00007 vm/lab-guest state = running

}  // namespace

Facts host_time_facts(const std::vector<HostSet>& sets, bool simulated) {
    Facts facts = {{std::string(simulated_key), simulated}};
    for (std::size_t place = 0; place < sets.size(); ++place) {
        facts.emplace(fmt::format("{}{:05} {}", set_prefix, place, sets[place].what), sets[place].spent_ns);
    }
    return facts;
}

std::vector<HostSet> host_sets_of(const Facts& facts) {
    std::vector<HostSet> sets;
    for (const auto& [key, value] : facts) {
        const auto blank = key.find(' ');
        const auto* spent_ns = std::get_if<std::int64_t>(&value);
        if (!key.starts_with(set_prefix) || blank == std::string::npos || spent_ns == nullptr) continue;
        sets.push_back({.what = key.substr(blank + 1), .spent_ns = *spent_ns});
    }
    return sets;
}

bool is_simulated_host_time(const Facts& facts) { return fact_bool(facts, simulated_key).value_or(false); }

namespace codec {

Json encode(const HostTime& time) {
    Json json = {{"arm", time.arm},
                 {"event", time.event},
                 {"leases", time.leases},
                 {"median_ns", time.median_ns},
                 {"confidence", time.confidence},
                 {"simulated", time.simulated}};
    put_unless_empty(json, "what", time.what);
    put(json, "lo_ns", time.lo_ns);
    put(json, "hi_ns", time.hi_ns);
    return json;
}

HostTime decode_host_time(const Place& place) {
    return {.arm = place.nonempty_text("arm"),
            .event = place.nonempty_text("event"),
            .what = place.text_or_empty("what"),
            .leases = place.small("leases"),
            .median_ns = place.number("median_ns"),
            .lo_ns = place.optional_number("lo_ns"),
            .hi_ns = place.optional_number("hi_ns"),
            .confidence = place.number("confidence", 0, 1),
            .simulated = place.boolean("simulated")};
}

}  // namespace codec
}  // namespace passbench
