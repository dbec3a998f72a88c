#include "harness/catalogue/manual.hpp"

#include <algorithm>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

constexpr std::size_t columns = 100;
constexpr std::size_t name_width = 12;

std::string padded(std::string_view word) {
    std::string text = "  " + std::string(word);
    text.resize(std::max(text.size() + 1, name_width), ' ');
    return text;
}

/// `first` and then the words of `text`, wrapped; further lines are indented as wide as `first`.
std::string wrapped(const std::string& first, std::string_view text) {
    const std::string indent(first.size(), ' ');
    std::string lines;
    std::string line = first;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (line.size() > indent.size() && line.size() + 1 + word.size() > columns) {
            lines += line + '\n';
            line = indent;
        }
        if (line.size() > indent.size()) line += ' ';
        line += word;
    }
    return lines + line + '\n';
}

std::string section(std::string_view title, std::string_view text) {
    if (text.empty()) return "";
    return '\n' + std::string(title) + '\n' + wrapped("  ", text);
}

std::string default_of(const Parameter& parameter) {
    const auto* number = std::get_if<std::int64_t>(&parameter.fallback);
    return number != nullptr && parameter.unit == "B" ? format_bytes(*number) : to_string(parameter.fallback);
}

std::string condition_of(const Parameter& parameter) {
    if (!parameter.only_where) return "";
    std::string words;
    for (const std::string_view word : parameter.only_where->words) {
        words += (words.empty() ? "" : ", ") + std::string(word);
    }
    return " Has a meaning where " + std::string(parameter.only_where->parameter) + " is one of " + words +
           "; elsewhere it is reduced to the default, and cases that become the same are merged.";
}

std::string forms_of(const std::vector<Form>& forms) {
    std::string text;
    for (const Form form : forms) text += (text.empty() ? "" : ", ") + std::string(to_string(form));
    return text;
}

std::string parameters_of(const Workload& workload) {
    std::string text = "\nParameters\n";
    for (const Parameter& parameter : workload.parameters) {
        std::string line = std::string(parameter.meaning) + ". Takes " + allowed_values(parameter) + "; default " +
                           default_of(parameter) + "." + condition_of(parameter);
        if (parameter.forms != workload.forms) line += " Form " + forms_of(parameter.forms) + " only.";
        text += wrapped(padded(parameter.name), line);
    }
    return text;
}

std::string metrics_of(const Workload& workload) {
    std::string text = "\nMetrics (the first is the one that tables show)\n";
    for (const Metric& metric : workload.metrics) {
        std::string line = std::string(metric.unit) + ", " + std::string(to_string(metric.kind)) + ", " +
                           std::string(to_string(metric.direction)) + " is better";
        if (workload.forms.size() > metric.forms.size()) line += "; form " + forms_of(metric.forms) + " only";
        text += wrapped(padded(metric.name), line);
    }
    if (workload.parts.empty()) return text;
    std::string parts;
    for (const std::string_view part : workload.parts) parts += (parts.empty() ? "" : ", ") + std::string(part);
    return text +
           wrapped("  ", "Parts of wall, in the order of time: " + parts + "; reports show them with the remainder.");
}

std::string limit_of(const FormLimit& limit) {
    switch (limit.kind) {
        case LimitKind::none:
            return "none";
        case LimitKind::measured:
            return "measured (for percentages only): " + std::string(limit.formula);
        case LimitKind::physical:
            break;
    }
    return "physical (a value more than 2 % above it is invalid): " + std::string(limit.formula);
}

std::string limits_of(const Workload& workload) {
    std::string text = "\nLimit\n";
    for (const FormLimit& limit : workload.limits) text += wrapped(padded(to_string(limit.form)), limit_of(limit));
    return text;
}

}  // namespace

std::string line_of(const Workload& workload) {
    if (!workload.line) return "";
    const std::string x(workload.line->parameter);
    const std::string model =
        workload.line->model == LineModel::alpha_beta
            ? "alpha + " + x + " / beta, and n(1/2) = alpha x beta, at which half of the time is alpha"
            : "a + b x " + x;
    return std::string(workload.line->metric) + " = " + model + ", through the cases that differ in " + x +
           " alone (three or more); the report says how far the values lie from it.";
}

std::string manual(const Workload& workload) {
    return std::string(workload.name) + ": " + std::string(workload.title) + "\n  version " +
           std::to_string(workload.version) + ", forms: " + forms_of(workload.forms) + '\n' +
           section("What it measures", workload.measures) + parameters_of(workload) + metrics_of(workload) +
           section("Line", line_of(workload)) + limits_of(workload) + section("Check of the results", workload.check) +
           section("CPU form", workload.cpu_form) +
           section("Expected to react to DDA and GPU-PV (a hypothesis)", workload.sensitivity) +
           section("Sources", workload.sources);
}

std::string manual_of_workloads() {
    std::string text;
    for (const Workload& workload : workloads()) {
        text += wrapped(padded(workload.name), std::string(workload.title) + " (" + forms_of(workload.forms) + ")");
    }
    return text;
}

}  // namespace passbench
