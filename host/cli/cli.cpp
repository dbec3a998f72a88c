#include "host/cli/cli.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <string_view>

#include "harness/report/report.hpp"
#include "harness/report/text.hpp"
#include "host/cli/arguments.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/verbs.hpp"

namespace passbench {

namespace {

using VerbFunction = Checked<Answer> (*)(const Arguments&, const Terminal&);

VerbFunction function_of(const std::string& verb) {
    static const std::map<std::string_view, VerbFunction> functions = {
        {"doctor", verb::doctor},   {"plan", verb::plan},       {"run", verb::run},  {"report", verb::report},
        {"compare", verb::compare}, {"release", verb::release}, {"help", verb::help}};
    return functions.at(verb);
}

/// A command line that cannot be parsed has no Arguments to ask.
bool wants_json(int argc, const char* const* argv) {
    return std::any_of(argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

/// What was printed must have arrived: a full disk behind a redirection is not a success.
int delivered(int exit, const Terminal& terminal) {
    terminal.out.flush();
    if (terminal.out) {
        return exit;
    }
    terminal.err << "error: standard output could not be written\n  Free space on its disk, or send it elsewhere.\n";
    return exit_code(ErrorCode::io);
}

/// Paths, keys and an agent's last words come from outside: nothing of them may steer the terminal.
Error printable_error(Error error) {
    error.what = printable(error.what);
    error.where = printable(error.where);
    error.fix = printable(error.fix);
    for (auto& part : error.trail) {
        part = printable(part);
    }
    return error;
}

int print_errors(std::string_view verb, const std::vector<Error>& errors, bool as_json, const Terminal& terminal) {
    const int exit = errors.empty() ? exit_code(ErrorCode::io) : exit_code(errors.front().code);
    if (as_json) {
        terminal.out << error_document(verb, exit, errors);
        return delivered(exit, terminal);
    }
    for (const auto& error : errors) {
        terminal.err << to_text(printable_error(error)) << '\n';
    }
    return exit;
}

}  // namespace

Colour Terminal::colour() const { return out_is_terminal && colour_wanted ? Colour::on : Colour::off; }

int cli_main(int argc, const char* const* argv, const Terminal& terminal) {
    const auto parsed = parse_arguments(argc, argv);
    if (!parsed) {
        return print_errors("", {parsed.error()}, wants_json(argc, argv), terminal);
    }
    if (!parsed->arguments) {
        terminal.out << parsed->text;
        return delivered(0, terminal);
    }
    const auto& arguments = *parsed->arguments;
    const auto answer = function_of(arguments.verb)(arguments, terminal);
    if (!answer) {
        return print_errors(arguments.verb, answer.error(), arguments.json, terminal);
    }
    terminal.out << (arguments.json ? document(arguments.verb, answer->exit, answer->data) : answer->text);
    return delivered(answer->exit, terminal);
}

}  // namespace passbench
