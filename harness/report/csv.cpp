// stats.csv: RFC 4180, one row an estimate. Text that a spreadsheet would take for a formula gets an apostrophe in front.
#include <string_view>
#include <vector>

#include "harness/report/report.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

std::string field_of(const std::string& field) {
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string text = "\"";
    for (const char letter : field) {
        if (letter == '"') text += '"';
        text += letter;
    }
    return text + '"';
}

std::string text_field(std::string_view text) {
    std::string safe = printable(text);
    if (!safe.empty() && std::string_view("=+-@").find(safe.front()) != std::string_view::npos)
        safe.insert(safe.begin(), '\'');
    return field_of(safe);
}

std::string number_field(const std::optional<double>& value) { return value ? plain_decimal(*value) : ""; }

std::string flags_of(const Estimate& estimate) {
    std::vector<std::string> codes;
    for (const Flag& flag : estimate.flags) codes.push_back(flag.code);
    return joined(codes, " ");
}

std::string row(const std::vector<std::string>& fields) { return joined(fields, ",") + "\r\n"; }

std::string row_of(const Estimate& estimate, bool simulated) {
    const bool has_limit = estimate.limit.has_value();
    return row({
        text_field(estimate.case_name),
        text_field(estimate.metric),
        text_field(estimate.unit),
        text_field(to_string(estimate.direction)),
        text_field(to_string(estimate.kind)),
        text_field(estimate.arm),
        text_field(estimate.reference.value_or("")),
        std::to_string(estimate.blocks),
        number_field(estimate.value),
        number_field(estimate.lo),
        number_field(estimate.hi),
        estimate.lo ? plain_decimal(estimate.confidence) : "",
        text_field(estimate.method),
        has_limit ? plain_decimal(estimate.limit->value) : "",
        has_limit ? text_field(to_string(estimate.limit->kind)) : "",
        has_limit ? text_field(estimate.limit->formula) : "",
        number_field(estimate.of_limit),
        number_field(estimate.mde),
        text_field(estimate.ran_on),
        text_field(flags_of(estimate)),
        text_field(estimate.why),
        simulated ? "true" : "false",
    });
}

}  // namespace

std::string csv_report(const Reported& reported) {
    std::string text =
        row({"case",     "metric", "unit",   "direction",  "kind",   "arm",      "reference",  "blocks",
             "value",    "lo",     "hi",     "confidence", "method", "limit",    "limit_kind", "limit_formula",
             "of_limit", "mde",    "ran_on", "flags",      "why",    "simulated"});
    const bool simulated = reported.stats.simulated || reported.verdict.simulated;
    for (const Estimate& estimate : reported.stats.estimates) text += row_of(estimate, simulated);
    return text;
}

}  // namespace passbench
