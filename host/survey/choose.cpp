#include "host/survey/choose.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

namespace passbench {

namespace {

// The card's own mechanism first (facts 1.1), then Hyper-V's own tools before EFLOW's and WSL's, which add a layer of their own.
constexpr std::array whole_first = {Method::dda, Method::eflow_dda, Method::gpupv, Method::eflow_gpupv, Method::wsl};
constexpr std::array shared_first = {Method::gpupv, Method::eflow_gpupv, Method::wsl, Method::dda, Method::eflow_dda};

bool is_open(const GpuRow& row, Method method) { return row.cell(method).word != Possibility::impossible; }

bool is_whole(Method method) { return method == Method::dda || method == Method::eflow_dda; }

const MethodReason& obstacle(const MethodCell& cell) {
    const auto found = std::ranges::find(cell.reasons, Possibility::impossible, &MethodReason::word);
    return found == cell.reasons.end() ? cell.reasons.front() : *found;
}

std::string why_auto(const GpuRow& row, Method method, std::span<const Method> order) {
    std::string why = row.prefers_whole
                          ? fmt::format("{} is a card for data centres, which is passed through whole", row.name)
                          : fmt::format("{} has a display driver, by which it is shared", row.name);
    if (is_whole(method) != row.prefers_whole) why += ", but that is not possible here";
    for (const Method earlier : order) {
        if (earlier == method) break;
        if (is_whole(earlier) == is_whole(method)) why += fmt::format("; {} is not possible", to_string(earlier));
    }
    return why + fmt::format(": {}.", to_string(method));
}

Error nothing_fits(std::span<const GpuRow> rows, std::string_view wanted, std::string_view arm) {
    if (rows.empty()) {
        return {.code = ErrorCode::precondition,
                .what = fmt::format("{}: this host has no such GPU", arm),
                .fix = "See passbench doctor for the GPUs of this host, and machine.gpu in the scenario."};
    }
    // Of the first card and the method nearest to it: the whole table is what doctor is for.
    const auto& row = rows.front();
    const auto method = method_named(wanted).value_or(row.prefers_whole ? whole_first.front() : shared_first.front());
    const auto& reason = obstacle(row.cell(method));
    return {.code = ErrorCode::precondition,
            .what = fmt::format("{}: {} is not possible with {}: {}", arm, wanted, row.name, reason.what),
            .where = std::string(reason.rule),
            .fix = reason.fix + " passbench doctor shows all methods."};
}

}  // namespace

Result<Choice> choose_auto(std::span<const GpuRow> rows) {
    for (const auto& row : rows) {
        const std::span<const Method> order = row.prefers_whole ? std::span<const Method>(whole_first) : shared_first;
        const auto found = std::ranges::find_if(order, [&](Method each) { return is_open(row, each); });
        if (found == order.end()) continue;
        return Choice{.method = *found, .location = row.location, .why = why_auto(row, *found, order)};
    }
    return fail(nothing_fits(rows, "passthrough", "auto"));
}

Result<Choice> choose_native(std::span<const GpuRow> rows) {
    const auto passed_through = choose_auto(rows);
    const GpuRow* chosen = nullptr;
    for (const auto& row : rows) {
        if (!is_open(row, Method::native_windows)) continue;
        const bool is_same = passed_through && passed_through->location == row.location;
        if (chosen == nullptr || is_same) chosen = &row;
    }
    if (chosen == nullptr) return fail(nothing_fits(rows, to_string(Method::native_windows), "native"));
    return Choice{.method = Method::native_windows,
                  .location = chosen->location,
                  .why = fmt::format("{} is measured from Windows itself, which is all that this host offers without "
                                     "another boot: native_windows.",
                                     chosen->name)};
}

}  // namespace passbench
