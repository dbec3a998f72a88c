#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "host/cli/documents.hpp"
#include "host/cli/layout.hpp"
#include "host/cli/verbs.hpp"

namespace passbench::verb {

namespace {

std::string section(std::string_view title, std::string_view paragraph) {
    return paragraph.empty() ? std::string() : fmt::format("\n{}\n{}", title, in_columns("  ", paragraph));
}

std::string shown(std::int64_t number, std::string_view unit) {
    return unit == "B" ? format_bytes(number) : std::to_string(number);
}

/// "plain, nontemporal" or "4 KiB to 4 GiB" or "all, 1 to 4096".
std::string allowed(const Parameter& parameter) {
    std::string text;
    for (const auto& word : parameter.words) {
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    if (parameter.high >= parameter.low) {
        text += (text.empty() ? "" : ", ") +
                fmt::format("{} to {}", shown(parameter.low, parameter.unit), shown(parameter.high, parameter.unit));
    }
    return text;
}

std::string fallback(const Parameter& parameter) {
    const auto* number = std::get_if<std::int64_t>(&parameter.fallback);
    return number != nullptr ? shown(*number, parameter.unit) : to_string(parameter.fallback);
}

std::string limit_of(const Workload& workload) {
    const std::string kind(to_string(workload.limit));
    return workload.limit_formula.empty() ? kind : fmt::format("{}: {}", kind, workload.limit_formula);
}

std::string manual(const Workload& workload) {
    std::string text = fmt::format("{} - {} (version {})\n", workload.name, workload.title, workload.version);
    text += section("What it measures", workload.measures);
    text += "\nParameters\n";
    for (const auto& parameter : workload.parameters) {
        text += fmt::format("  {:<10} {} (default {})\n", parameter.name, allowed(parameter), fallback(parameter));
        text += in_columns("             ", parameter.meaning);
    }
    text += "\nMetrics\n";
    for (const auto& metric : workload.metrics) {
        text += fmt::format("  {:<10} {}, {} is better\n", metric.name, metric.unit, to_string(metric.direction));
    }
    text += section("How its result is checked", workload.check);
    text += section("Limit", limit_of(workload));
    text += section("CPU form", workload.cpu_form);
    text += section("Expected under passthrough (a hypothesis)", workload.sensitivity);
    text += section("Sources", workload.sources);
    return text;
}

std::string workload_list() {
    std::string text = "Workloads (passbench help NAME explains one):\n";
    for (const auto& workload : workloads()) {
        text += fmt::format("  {:<10} {}\n", workload.name, workload.title);
    }
    return text;
}

std::string code_list() {
    std::string text = "Error codes (passbench help CODE explains one):\n";
    for (const auto& info : error_codes()) {
        text += in_columns(fmt::format("  {:<14} exit {:<4} ", info.name, info.exit_code), info.cause);
    }
    return text;
}

std::string exit_code_list() {
    return "Exit codes:\n"
           "  0    qualified, measured, ok\n"
           "  1    not qualified, or a case regressed\n"
           "  2    usage or configuration: the command line, a scenario, a lab file\n"
           "  3    inconclusive: more blocks would be needed\n"
           "  4    infrastructure: the machine, the agent or the disk did not do what was asked\n"
           "  5    invalid: a value cannot be true, or a result was wrong\n"
           "  130  interrupted; passbench run --resume DIR goes on\n";
}

std::string manual(const ErrorCodeInfo& info) {
    return fmt::format("{} (exit code {})\n", info.name, info.exit_code) + section("Cause", info.cause) +
           section("Cure", info.cure);
}

/// The manual of a topic, or "" where there is none.
std::string text_of(std::string_view topic) {
    if (topic.empty()) {
        return overview();
    }
    if (topic == "workloads") {
        return workload_list();
    }
    if (topic == "codes") {
        return code_list();
    }
    if (topic == "exit") {
        return exit_code_list();
    }
    if (std::find(verbs().begin(), verbs().end(), topic) != verbs().end()) {
        return manual_of(topic);
    }
    if (const auto* workload = find_workload(topic)) {
        return manual(*workload);
    }
    const auto& codes = error_codes();
    const auto code = std::find_if(codes.begin(), codes.end(), [&](const auto& info) { return info.name == topic; });
    return code == codes.end() ? std::string() : manual(*code);
}

std::vector<std::string_view> topics() {
    std::vector<std::string_view> all = {"workloads", "codes", "exit"};
    std::copy(verbs().begin(), verbs().end(), std::back_inserter(all));
    for (const auto& workload : workloads()) {
        all.push_back(workload.name);
    }
    for (const auto& info : error_codes()) {
        all.push_back(info.name);
    }
    return all;
}

}  // namespace

Checked<Answer> help(const Arguments& arguments, const Terminal& /*terminal*/) {
    const auto text = text_of(arguments.topic);
    if (text.empty()) {
        const auto nearest = nearest_word(arguments.topic, topics());
        return fail_with({.code = ErrorCode::usage,
                          .what = fmt::format("there is no manual of '{}'", arguments.topic),
                          .fix = (nearest ? fmt::format("Did you mean '{}'? ", *nearest) : std::string()) +
                                 "`passbench help` lists the verbs, `help workloads` and `help codes` the rest."});
    }
    return Answer{.exit = 0, .text = text, .data = help_data(arguments.topic, text)};
}

}  // namespace passbench::verb
