#include "host/providers/step_list.hpp"

#include <iterator>
#include <optional>
#include <utility>

#include "host/survey/resource_names.hpp"

namespace passbench {

void StepList::add(const std::string& resource, std::string_view property, const std::string& wanted, std::string why) {
    const std::string before = now(resource, property);
    if (before == wanted) return;
    steps_.push_back({.resource = resource,
                      .property = std::string(property),
                      .before = before,
                      .wanted = wanted,
                      .why = std::move(why)});
}

void StepList::at_least(const std::string& resource, std::string_view property, std::int64_t wanted, std::string why) {
    const auto found = facts_.find(resource);
    const auto is = found == facts_.end() ? std::nullopt : fact_int(found->second, property);
    if (is && *is >= wanted) return;
    add(resource, property, std::to_string(wanted), std::move(why));
}

std::string StepList::now(const std::string& resource, std::string_view property) const {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        if (step->resource == resource && step->property == property) return step->wanted;
    }
    const auto found = facts_.find(resource);
    return found == facts_.end() ? std::string() : shown_fact(found->second, property);
}

std::vector<Step> around_power(StepList steps, const PowerOf& power) {
    const auto found = steps.facts().find(power.guest);
    const bool runs = found != steps.facts().end() && shown_fact(found->second, power.property) == power.running;
    std::vector<Step> between = steps.take();
    if (between.empty() && runs) return {};
    std::vector<Step> all;
    const auto set = [&](std::string_view before, std::string_view wanted, std::string why) {
        all.push_back({.resource = power.guest,
                       .property = std::string(power.property),
                       .before = std::string(before),
                       .wanted = std::string(wanted),
                       .why = std::move(why)});
    };
    if (runs) set(power.running, power.off, power.why_off);
    std::move(between.begin(), between.end(), std::back_inserter(all));
    set(power.off, power.running, "The guest that is measured.");
    return all;
}

std::string names_below(const HostFacts& facts, std::string_view prefix) {
    std::string list;
    for (const auto& [resource, unused] : facts) {
        if (resource.starts_with(prefix)) list += (list.empty() ? "" : ", ") + resource.substr(prefix.size());
    }
    return list.empty() ? "none" : list;
}

}  // namespace passbench
