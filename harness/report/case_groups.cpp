#include "harness/report/case_groups.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/report/text.hpp"
#include "harness/stats/fits.hpp"

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
    for (const auto& [name, value] : with_load(planned.parameters, planned.load)) {
        parts[printable(name)] = value_text(workload, name, value);
    }
    return parts;
}

/// What the cases of one form have of a parameter.
struct FormTexts {
    std::size_t cases = 0;
    std::map<std::string, std::multiset<std::string>> of;

    [[nodiscard]] bool has(const std::string& name) const { return of.contains(name); }
    [[nodiscard]] const std::string& first(const std::string& name) const { return *of.at(name).begin(); }
    [[nodiscard]] bool has_one_value(const std::string& name) const {
        const auto& texts = of.at(name);
        return texts.size() == cases && texts.count(*texts.begin()) == cases;
    }
};

void append(std::string& list, std::string_view separator, const std::string& text) {
    if (!list.empty()) list += separator;
    list += text;
}

void label_cases(CaseGroup& group) {
    const Workload* workload = find_workload(group.workload);
    group.title = workload == nullptr ? "" : printable(workload->title);
    std::map<std::string, FormTexts> forms;
    std::set<std::string> names;
    for (const LabelledCase& one : group.cases) {
        FormTexts& form = forms[std::string(to_string(one.planned->form))];
        ++form.cases;
        for (auto& [name, text] : parts_of(workload, *one.planned)) {
            form.of[name].insert(text);
            names.insert(name);
        }
    }
    // Named at each case, as soon as cases of one form differ in it: forms are then still compared at a glance.
    const auto differs = [&](const std::string& name) {
        return std::ranges::any_of(
            forms, [&](const auto& form) { return form.second.has(name) && !form.second.has_one_value(name); });
    };
    const auto is_common = [&](const std::string& name) {
        return std::ranges::all_of(forms, [&](const auto& form) {
            return form.second.has(name) && form.second.first(name) == forms.begin()->second.first(name);
        });
    };
    for (LabelledCase& one : group.cases) {
        if (forms.size() > 1) one.label = to_string(one.planned->form);
        for (const auto& [name, text] : parts_of(workload, *one.planned)) {
            if (!differs(name)) continue;
            append(one.label, " ", fmt::format("{}={}", name, text));
            one.differing.emplace_back(name, text);
        }
        if (one.label.empty()) one.label = to_string(one.planned->form);
    }
    if (forms.size() == 1) group.fixed = forms.begin()->first;
    for (const std::string& name : names) {
        if (!differs(name) && is_common(name))
            append(group.fixed, ", ", fmt::format("{}={}", name, forms.begin()->second.first(name)));
    }
    for (const auto& [form_name, form] : forms) {
        std::string own;
        for (const auto& [name, texts] : form.of) {
            if (!differs(name) && !is_common(name)) append(own, ", ", fmt::format("{}={}", name, *texts.begin()));
        }
        if (!own.empty()) append(group.fixed, "; ", fmt::format("{}: {}", form_name, own));
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

std::map<std::string, std::string> line_labels(const Plan& plan) {
    std::map<std::string, std::string> labels;
    for (const CaseGroup& group : group_cases(plan)) {
        const Workload* workload = find_workload(group.cases.front().planned->workload);
        const auto add = [&](const LabelledCase& one, std::string_view parameter) {
            std::string label = fmt::format("{} {}", group.workload, to_string(one.planned->form));
            for (const auto& [name, text] : one.differing) {
                if (name != parameter) append(label, " ", fmt::format("{}={}", name, text));
            }
            labels[name_without(*one.planned, parameter)] = std::move(label);
        };
        for (const LabelledCase& one : group.cases) {
            if (workload != nullptr && workload->line) add(one, workload->line->parameter);
            if (one.planned->load) add(one, load_key(one.planned->load->kind));
        }
    }
    return labels;
}

std::string parameter_text(std::string_view case_name, std::string_view parameter, std::int64_t value) {
    const Workload* workload = find_workload(case_name.substr(0, case_name.find('/')));
    return is_in_bytes(workload, parameter) ? format_bytes(value) : std::to_string(value);
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
