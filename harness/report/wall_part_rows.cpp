#include "harness/report/wall_part_rows.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/table.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

QuantityText text_of(const WallParts& parts, const std::optional<double>& value, const std::optional<double>& lo = {},
                     const std::optional<double>& hi = {}) {
    Estimate estimate;
    estimate.unit = printable(parts.unit);
    estimate.value = value;
    estimate.lo = lo;
    estimate.hi = hi;
    return quantity_text(estimate);
}

/// "23 %"; nothing of a negative share is left where it is none.
std::string share_text(const std::optional<double>& share) {
    if (!share) return "";
    const std::string text = fmt::format("{:.0f} %", *share * 100);
    return text == "-0 %" ? "0 %" : text;
}

std::string bound_text(std::string_view sign, double value, const WallParts& parts) {
    return fmt::format("{} {}", sign, format_value(value, printable(parts.unit)));
}

std::optional<double> share_of(const std::optional<double>& value, const std::optional<double>& whole) {
    return value && whole && *whole > 0 ? std::optional(*value / *whole) : std::nullopt;
}

WallPartRow row_of(const WallParts& parts, const WallPart& part) {
    const QuantityText text = text_of(parts, part.value, part.lo, part.hi);
    return {.part = printable(part.name),
            .value = part.value   ? text.value
                     : part.under ? bound_text("<", *part.under, parts)
                                  : "-",
            .interval = text.interval,
            .share = share_text(part.share),
            .clocks = part.clocks ? bound_text("+-", *part.clocks, parts) : ""};
}

const WallParts* find_parts(const Stats& stats, const std::string& case_name, const std::string& arm) {
    const auto found = std::ranges::find_if(
        stats.parts, [&](const WallParts& parts) { return parts.case_name == case_name && parts.arm == arm; });
    return found == stats.parts.end() ? nullptr : &*found;
}

/// More cases than this are left to report.md: each takes a row for every part.
constexpr std::size_t most_terminal_cases = 20;

/// The first row says of which case and arm they are, and whether only a stand-in was measured.
void add_rows(Table& table, const WallParts& parts, const std::string& label, const std::string& arm) {
    const std::string mark = parts.simulated ? "simulated" : "";
    if (parts.parts.empty()) {
        table.add({{label}, {arm}, {}, {"-"}, {}, {}, {}, {mark}});
        table.add_note("no parts: " + printable(parts.why));
        return;
    }
    bool is_first = true;
    for (const WallPartRow& row : wall_part_rows(parts)) {
        table.add({{is_first ? label : ""},
                   {is_first ? arm : ""},
                   {row.part},
                   {row.value},
                   {row.interval},
                   {row.share},
                   {row.clocks},
                   {is_first ? mark : ""}});
        is_first = false;
    }
}

}  // namespace

std::vector<WallPartRow> wall_part_rows(const WallParts& parts) {
    if (parts.parts.empty()) return {};
    std::vector<WallPartRow> rows;
    for (const WallPart& part : parts.parts) rows.push_back(row_of(parts, part));
    rows.push_back({.part = "remainder",
                    .value = text_of(parts, parts.remainder).value,
                    .interval = "",
                    .share = share_text(share_of(parts.remainder, parts.whole)),
                    .clocks = ""});
    rows.push_back({.part = "= " + printable(parts.metric),
                    .value = text_of(parts, parts.whole).value,
                    .interval = "",
                    .share = share_text(1),
                    .clocks = ""});
    return rows;
}

std::string wall_parts_section(const Reported& reported, const CaseGroup& group, Colour colour) {
    Table table({{"case"},
                 {"arm", Align::left, 10},
                 {"part", Align::left, 16},
                 {"value", Align::right, 13},
                 {fmt::format("{:.0f} % interval", reported.stats.confidence * 100), Align::left, 17},
                 {"share", Align::right, 6},
                 {"clocks", Align::left, 12},
                 {"", Align::left, 9}});
    std::size_t cases = 0;
    for (const LabelledCase& one : group.cases) {
        for (const std::string& arm : reported.plan.arms) {
            const WallParts* parts = find_parts(reported.stats, one.planned->name, arm);
            if (parts == nullptr || ++cases > most_terminal_cases) continue;
            add_rows(table, *parts, one.label, reported.plan.arms.size() > 1 ? printable(arm) : "");
        }
    }
    if (table.empty()) return "";
    if (cases > most_terminal_cases) table.add_note(fmt::format("({} more in report.md)", cases - most_terminal_cases));
    return "\n" + heading(fmt::format("{}: where the wall time goes, per operation", group.workload), colour) +
           table.text(colour);
}

}  // namespace passbench
