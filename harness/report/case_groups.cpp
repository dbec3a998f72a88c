#include "harness/report/case_groups.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

bool is_in_bytes(const Workload* workload, std::string_view parameter) {
    if (workload == nullptr) return false;
    return std::any_of(workload->parameters.begin(), workload->parameters.end(),
                       [&](const Parameter& one) { return one.name == parameter && one.unit == "B"; });
}

std::string value_text(const Workload* workload, std::string_view parameter, const Value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer != nullptr && is_in_bytes(workload, parameter)) return format_bytes(*integer);
    return printable(to_string(value));
}

/// What a case is made of, as pairs of name and text; the form is one of them.
std::map<std::string, std::string> parts_of(const Workload* workload, const PlannedCase& planned) {
    std::map<std::string, std::string> parts;
    for (const auto& [name, value] : planned.parameters) parts[printable(name)] = value_text(workload, name, value);
    return parts;
}

void label_cases(CaseGroup& group) {
    const Workload* workload = find_workload(group.workload);
    group.title = workload == nullptr ? "" : printable(workload->title);
    std::map<std::string, std::set<std::string>> texts;
    std::map<std::string, std::size_t> counts;
    std::set<std::string_view> forms;
    for (const LabelledCase& one : group.cases) {
        forms.insert(to_string(one.planned->form));
        for (auto& [name, text] : parts_of(workload, *one.planned)) {
            texts[name].insert(text);
            ++counts[name];
        }
    }
    const auto differs = [&](const std::string& name) {
        return texts[name].size() > 1 || counts[name] < group.cases.size();
    };
    for (LabelledCase& one : group.cases) {
        if (forms.size() > 1) one.label = to_string(one.planned->form);
        for (const auto& [name, text] : parts_of(workload, *one.planned)) {
            if (differs(name)) one.label += fmt::format("{}{}={}", one.label.empty() ? "" : " ", name, text);
        }
        if (one.label.empty()) one.label = to_string(one.planned->form);
    }
    if (forms.size() == 1) group.fixed = *forms.begin();
    for (const auto& [name, values] : texts) {
        if (differs(name)) continue;
        group.fixed += fmt::format("{}{}={}", group.fixed.empty() ? "" : ", ", name, *values.begin());
    }
}

}  // namespace

std::vector<CaseGroup> group_cases(const Plan& plan) {
    std::vector<CaseGroup> groups;
    std::map<std::string_view, std::size_t> places;
    for (const PlannedCase& planned : plan.cases) {
        const auto [place, is_new] = places.emplace(planned.workload, groups.size());
        if (is_new) groups.push_back({.workload = planned.workload, .title = {}, .fixed = {}, .cases = {}});
        groups[place->second].cases.push_back({&planned, {}});
    }
    for (CaseGroup& group : groups) {
        label_cases(group);
        group.workload = printable(group.workload);
    }
    return groups;
}

std::string heading_of(const CaseGroup& group) {
    std::string text = group.workload;
    if (!group.title.empty()) text += fmt::format(": {}", group.title);
    if (!group.fixed.empty()) text += fmt::format(" ({})", group.fixed);
    return text;
}

std::string heading_of(const Plan& plan) {
    std::string text = printable(plan.scenario);
    if (!plan.title.empty()) text += fmt::format(": {}", printable(plan.title));
    return text;
}

}  // namespace passbench
