#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "harness/catalogue/manual.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/findings.hpp"
#include "harness/report/text.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/verbs.hpp"
#include "host/signs/catalogue.hpp"

namespace passbench::verb {

namespace {

std::string section(std::string_view title, std::string_view paragraph) {
    return paragraph.empty() ? std::string()
                             : fmt::format("\n{}\n{}", title, indented("  ", paragraph, report_columns));
}

std::string code_list() {
    std::string text = "Error codes (passbench help CODE explains one):\n";
    for (const auto& info : error_codes()) {
        text += indented(fmt::format("  {:<14} exit {:<4} ", info.name, info.exit_code), info.cause, report_columns);
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

std::string manual_of_code(const ErrorCodeInfo& info) {
    return fmt::format("{} (exit code {})\n", info.name, info.exit_code) + section("Cause", info.cause) +
           section("Cure", info.cure);
}

std::string finding_list() {
    std::string text = "Findings, the catalogued causes of trouble (passbench help FINDING explains one):\n";
    for (const auto& finding : findings()) {
        text += indented(fmt::format("  {:<28} ", finding.name), finding.cause, report_columns);
    }
    return text;
}

std::string manual_of_finding(const Finding& finding) {
    std::string text =
        fmt::format("{}\n", finding.name) + section("Cause", finding.cause) + section("Cure", finding.cure);
    const CatalogueRow* row = find_catalogue_row(finding.name);
    if (row == nullptr) {
        return text;
    }
    std::string signs;
    for (const auto& sign : signs_of(*row)) {
        signs += indented("  - ", sign, report_columns);
    }
    if (!signs.empty()) {
        text += fmt::format("\n{}\n{}", is_harmless(*row) ? "Passed over where" : "Recognised where", signs);
    }
    if (!row->not_plantable.empty()) {
        text += section("Not recognised", fmt::format("for {}.", row->not_plantable));
    }
    return text +
           section("Number in the failure catalogue, and source", fmt::format("{}: {}", row->number, row->source));
}

/// The manual of a topic, or "" where there is none.
std::string text_of(std::string_view topic) {
    if (topic.empty()) {
        return overview();
    }
    if (topic == "workloads") {
        return "Workloads (passbench help NAME explains one):\n" + manual_of_workloads();
    }
    if (topic == "codes") {
        return code_list();
    }
    if (topic == "findings") {
        return finding_list();
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
    if (code != codes.end()) {
        return manual_of_code(*code);
    }
    const auto* finding = find_finding(topic);
    return finding == nullptr ? std::string() : manual_of_finding(*finding);
}

std::vector<std::string_view> topics() {
    std::vector<std::string_view> all = {"workloads", "codes", "findings", "exit"};
    std::copy(verbs().begin(), verbs().end(), std::back_inserter(all));
    for (const auto& workload : workloads()) {
        all.push_back(workload.name);
    }
    for (const auto& info : error_codes()) {
        all.push_back(info.name);
    }
    for (const auto& finding : findings()) {
        all.push_back(finding.name);
    }
    return all;
}

}  // namespace

Checked<Answer> help(const Arguments& arguments, const Terminal& /*terminal*/) {
    const auto text = text_of(arguments.topic);
    if (text.empty()) {
        const auto nearest = nearest_word(arguments.topic, topics());
        return fail_with(
            {.code = ErrorCode::usage,
             .what = fmt::format("there is no manual of '{}'", arguments.topic),
             .fix = (nearest ? fmt::format("Did you mean '{}'? ", *nearest) : std::string()) +
                    "`passbench help` lists the verbs, `help workloads`, `help codes` and `help findings` the rest."});
    }
    return Answer{.exit = 0, .text = text, .data = help_data(arguments.topic, text)};
}

}  // namespace passbench::verb
