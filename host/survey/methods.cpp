#include "host/survey/methods.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/core.h>

#include "host/survey/cards.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/rules.hpp"

namespace passbench {

namespace {

const Facts& facts_of(const HostFacts& facts, std::string_view resource) {
    static const Facts none;
    const auto found = facts.find(std::string(resource));
    return found == facts.end() ? none : found->second;
}

MethodCell cell_of(const Inspection& inspection) {
    MethodCell cell = {.method = inspection.method, .word = Possibility::possible, .reasons = {}};
    for (const MethodRule* rule : rules_of(inspection.method)) {
        auto verdict = rule->check(inspection);
        if (!verdict) continue;
        cell.word = std::max(cell.word, verdict->word);
        cell.reasons.push_back({.word = verdict->word,
                                .rule = rule->name,
                                .facts = rule->facts,
                                .source = rule->source,
                                .what = std::move(verdict->what),
                                .fix = std::move(verdict->fix)});
        if (rule->closes && verdict->word == Possibility::impossible) break;
    }
    assert(!cell.reasons.empty());
    return cell;
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::native_windows:
            return "native_windows";
        case Method::dda:
            return "dda";
        case Method::gpupv:
            return "gpupv";
        case Method::eflow_dda:
            return "eflow_dda";
        case Method::eflow_gpupv:
            return "eflow_gpupv";
        case Method::wsl:
            return "wsl";
    }
    return "native_windows";
}

std::optional<Method> method_named(std::string_view name) {
    const auto* const found = std::ranges::find_if(all_methods, [&](Method each) { return to_string(each) == name; });
    return found == all_methods.end() ? std::nullopt : std::optional(*found);
}

std::string_view to_string(Possibility word) {
    switch (word) {
        case Possibility::possible:
            return "possible";
        case Possibility::warning:
            return "warning";
        case Possibility::impossible:
            return "impossible";
    }
    return "impossible";
}

bool MethodCell::has(std::string_view rule) const {
    return std::ranges::any_of(reasons, [&](const MethodReason& each) { return each.rule == rule; });
}

const MethodCell& GpuRow::cell(Method method) const {
    const auto found = std::ranges::find(cells, method, &MethodCell::method);
    assert(found != cells.end());
    return *found;
}

bool is_windows(const HostFacts& facts) {
    return fact_int(facts_of(facts, host_resource), host_key::build).has_value();
}

MethodTable method_table(const HostFacts& facts, std::chrono::year_month_day today) {
    MethodTable table;
    if (!is_windows(facts)) return table;
    for (const auto& [resource, gpu] : facts) {
        if (!resource.starts_with(gpu_prefix)) continue;
        const std::string_view location = std::string_view(resource).substr(gpu_prefix.size());
        const CardFamily family = card_family(gpu);
        GpuRow row = {.location = std::string(location),
                      .name = fact_text(gpu, device_key::name).value_or("GPU without a name"),
                      .prefers_whole = is_tesla(family),
                      .cells = {}};
        for (const Method method : all_methods) {
            row.cells.push_back(cell_of({.facts = facts,
                                         .host = facts_of(facts, host_resource),
                                         .gpu = gpu,
                                         .location = location,
                                         .family = family,
                                         .method = method,
                                         .today = today}));
        }
        table.push_back(std::move(row));
    }
    return table;
}

}  // namespace passbench
