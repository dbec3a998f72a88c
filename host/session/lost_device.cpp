#include "host/session/lost_device.hpp"

#include <cassert>
#include <utility>

#include "harness/core/error.hpp"
#include "harness/core/findings.hpp"

namespace passbench {

namespace {

std::string device_of(const Event& event) {
    return event.kind == "trial_ended" ? fact_text(event.facts, trial_fact::device).value_or("") : "";
}

bool found_no_device(const Event& event) {
    if (event.kind != "trial_skipped") {
        return false;
    }
    const auto* finding = find_finding(fact_text(event.facts, trial_fact::finding).value_or(""));
    return finding != nullptr && finding->no_device;
}

void make_lost(Event& event, const std::string& seen) {
    const auto* vanished = find_finding("gpu.vanished");
    assert(vanished != nullptr);
    const auto words = fact_text(event.facts, trial_fact::reason).value_or("no reason was given.");
    event.kind = "trial_failed";
    event.facts[std::string(trial_fact::code)] = std::string(to_string(ErrorCode::device_lost));
    event.facts[std::string(trial_fact::finding)] = std::string(vanished->name);
    event.facts[std::string(trial_fact::reason)] =
        "this run had a device before (" + seen + "), and now: " + words + " " + std::string(vanished->cure);
}

}  // namespace

std::string device_of(const Environment& guest) {
    if (!fact_bool(guest.capabilities, "gpu.present").value_or(false)) {
        return "";
    }
    return fact_text(guest.identity, "gpu.model").value_or("of unknown name");
}

std::string device_of(const std::vector<Event>& events, std::string_view arm) {
    std::string device;
    for (const auto& event : events) {
        if (auto used = device_of(event); event.arm == arm && !used.empty()) {
            device = std::move(used);
        }
    }
    return device;
}

std::vector<Event> with_lost_device(std::vector<Event> events, std::string seen) {
    for (auto& event : events) {
        if (auto used = device_of(event); !used.empty()) {
            seen = std::move(used);
        } else if (!seen.empty() && found_no_device(event)) {
            make_lost(event, seen);
        }
    }
    return events;
}

}  // namespace passbench
