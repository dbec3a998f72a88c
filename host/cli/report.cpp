#include "harness/report/report.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/verbs.hpp"
#include "host/session/session.hpp"

namespace passbench::verb {

namespace {

struct Form {
    std::string wanted;          // the option's value: "", "-" or a file
    std::string_view file_name;  // under --out
    std::string (*make)(const Reported& reported);
};

std::array<Form, 3> forms_of(const Arguments& arguments) {
    return {{{arguments.markdown, "report.md", markdown_report},
             {arguments.junit, "junit.xml", junit_report},
             {arguments.csv, "stats.csv", csv_report}}};
}

/// Writes what was asked for as files; returns what was asked for on standard output.
Result<std::string> write_forms(const Arguments& arguments, const Reported& reported) {
    std::string printed;
    for (const auto& form : forms_of(arguments)) {
        if (form.wanted == "-") {
            printed += form.make(reported);
        } else if (!form.wanted.empty()) {
            PASSBENCH_CHECK(replace_file(form.wanted, form.make(reported)));
        }
        if (!arguments.out.empty()) {
            PASSBENCH_CHECK(make_folder(arguments.out));
            PASSBENCH_CHECK(replace_file(arguments.out / form.file_name, form.make(reported)));
        }
    }
    return printed;
}

Result<Answer> reported(const Arguments& arguments, const Terminal& terminal) {
    PASSBENCH_TRY(const auto outcome, analyze_again(arguments.left));
    if (arguments.write) {
        PASSBENCH_CHECK(write_derived(outcome));
    }
    const Reported reported = outcome.reported();
    PASSBENCH_TRY(std::string text, write_forms(arguments, reported));
    if (text.empty()) {
        text = arguments.quiet ? fmt::format("{} {}\n", to_string(outcome.verdict.word), outcome.path.string())
                               : terminal_report(reported, terminal.colour());
    }
    return Answer{.exit = exit_code(outcome.verdict.word), .text = std::move(text), .data = run_data(outcome)};
}

}  // namespace

Checked<Answer> report(const Arguments& arguments, const Terminal& terminal) {
    return as_checked(reported(arguments, terminal));
}

}  // namespace passbench::verb
