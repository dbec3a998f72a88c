#include "host/cli/arguments.hpp"

#include <algorithm>
#include <map>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "host/cli/manuals.hpp"

namespace passbench {

namespace {

void add_common(CLI::App& verb, Arguments& arguments) {
    verb.add_flag("--json", arguments.json,
                  "one document on standard output: {format, version, verb, exit, data | error}");
    verb.add_flag("--quiet", arguments.quiet,
                  "no progress; of run, report and compare the word alone; doctor, plan, help: no effect");
}

void add_lab(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--lab", arguments.lab, "the lab file that says what the arms are bound to, or a simulated device")
        ->type_name("FILE|simulated");
}

/// One of the words, which the error names; the library's own check would take the numbers behind them too.
template <typename Choice>
CLI::Option* add_choice(CLI::App& verb, const std::string& option, Choice& target,
                        const std::map<std::string, Choice>& words, const std::string& description) {
    const auto take = [option, words, &target](const std::string& word) {
        const auto found = words.find(word);
        if (found == words.end()) {
            std::string known;
            for (const auto& [name, choice] : words) {
                known += (known.empty() ? "" : " or ") + name;
            }
            throw CLI::ValidationError(fmt::format("{} takes {}, not '{}'", option, known, word));
        }
        target = found->second;
    };
    return verb.add_option_function<std::string>(option, take, description);
}

void add_scale(CLI::App& verb, Arguments& arguments) {
    const std::map<std::string, Scale> scales = {{"small", Scale::small}, {"full", Scale::full}};
    add_choice(verb, "--scale", arguments.scale, scales,
               "small: 2 blocks, 1 trial, 5 iterations, sizes of at most 1 MiB; not for conclusions")
        ->type_name("small|full");
}

void add_agent(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--agent", arguments.agent, "the agent to start instead of the passbench-agent beside this program")
        ->type_name("FILE");
}

void add_host(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--host", arguments.host, "take the host from this record instead of looking at this machine")
        ->type_name("FILE");
}

void declare_doctor(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--save", arguments.save, "write what was seen to this file")->type_name("FILE");
    add_host(verb, arguments);
    add_agent(verb, arguments);
}

void declare_plan(CLI::App& verb, Arguments& arguments) {
    verb.add_option("scenario", arguments.scenario, "the scenario's file")->required()->type_name("FILE");
    add_scale(verb, arguments);
    add_lab(verb, arguments);
    add_host(verb, arguments);
    verb.add_option_function<std::string>(
            "--noise",
            [&arguments](const std::string& text) {
                const auto noise = parse_percent(text);
                if (!noise || *noise <= 0) {
                    throw CLI::ValidationError("--noise", "needs a percentage above zero such as \"1 %\"");
                }
                arguments.pair_sd = *noise;
            },
            "assumed standard deviation between paired blocks; the default is 1 %")
        ->type_name("PERCENT");
}

void declare_run(CLI::App& verb, Arguments& arguments) {
    verb.add_option("scenario", arguments.scenario, "the scenario's file")->type_name("FILE");
    verb.add_option("--resume", arguments.resume, "go on with the run in this folder; takes the scenario from there")
        ->type_name("DIR");
    add_scale(verb, arguments);
    add_lab(verb, arguments);
    verb.add_option("--out", arguments.out, "folder that the run's folder is made in; the default is results/runs")
        ->type_name("DIR");
    verb.add_flag("--dry-run", arguments.dry_run, "show the plan and the steps on the host, and do nothing");
    verb.add_flag("--accept-nvidia-eula", arguments.accept_eula,
                  "you agree to NVIDIA's licence for its driver, as `nvidia_eula = true` of a lab file does");
    const std::map<std::string, ProgressStyle> styles = {
        {"auto", ProgressStyle::automatic}, {"json", ProgressStyle::json}, {"none", ProgressStyle::none}};
    add_choice(verb, "--progress", arguments.progress, styles, "json: one line an event on standard error")
        ->type_name("auto|json|none");
    add_agent(verb, arguments);
}

void declare_report(CLI::App& verb, Arguments& arguments) {
    verb.add_option("run", arguments.left, "the run's folder")->required()->type_name("DIR");
    verb.add_option("--markdown", arguments.markdown, "write the report for people; - is standard output")
        ->type_name("FILE");
    verb.add_option("--junit", arguments.junit, "write the report for CI systems; - is standard output")
        ->type_name("FILE");
    verb.add_option("--csv", arguments.csv, "write the estimates as a table; - is standard output")->type_name("FILE");
    verb.add_option("--out", arguments.out, "write report.md, junit.xml and stats.csv to this folder")
        ->type_name("DIR");
    verb.add_flag("--write", arguments.write, "make stats.json, verdict.json and report/ of the run again");
}

void declare_compare(CLI::App& verb, Arguments& arguments) {
    verb.add_option("reference", arguments.left, "the run to compare with")->required()->type_name("DIR");
    verb.add_option("run", arguments.right, "the run that is compared")->required()->type_name("DIR");
}

void declare_release(CLI::App& verb, Arguments& arguments) {
    verb.add_flag("--dry-run", arguments.dry_run, "show what would be set back, and do nothing");
    verb.add_flag("--install", arguments.install, "have it done at each start of this machine, from now on");
    verb.add_flag("--uninstall", arguments.uninstall, "have it done so no more");
}

void declare_help(CLI::App& verb, Arguments& arguments) {
    verb.add_option("topic", arguments.topic, "a verb, a workload, an error code; workloads, codes, exit");
}

/// The whole grammar; the application's options write into `arguments`.
void declare(CLI::App& app, Arguments& arguments) {
    using Declare = void (*)(CLI::App&, Arguments&);
    static const std::map<std::string_view, Declare> declarations = {
        {"doctor", declare_doctor},   {"plan", declare_plan},       {"run", declare_run},  {"report", declare_report},
        {"compare", declare_compare}, {"release", declare_release}, {"help", declare_help}};
    app.set_version_flag("--version", "passbench " PASSBENCH_VERSION);
    app.get_formatter()->column_width(30);
    app.get_formatter()->label("Positionals", "Operands");
    app.require_subcommand(1);
    for (const auto& manual : manuals()) {
        auto* verb = app.add_subcommand(std::string(manual.verb), std::string(manual.description));
        verb->footer(std::string(manual.footer));
        verb->set_help_flag("-h,--help", "this manual");
        declarations.at(manual.verb)(*verb, arguments);
        add_common(*verb, arguments);
    }
}

/// The long options of a verb.
std::vector<std::string> options_of(const CLI::App& verb) {
    std::vector<std::string> names;
    for (const auto* option : verb.get_options()) {
        for (const auto& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

/// The word as a question in front of a sentence, or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
    const auto nearest = nearest_word(word, known);
    return nearest ? fmt::format("Did you mean '{}'? ", *nearest) : std::string();
}

Error no_verb() { return {.code = ErrorCode::usage, .what = "no verb was given", .fix = "See passbench --help."}; }

Error unknown_verb(std::string_view word) {
    return {.code = ErrorCode::usage,
            .what = fmt::format("unknown verb '{}'", word),
            .fix = did_you_mean(word, verbs()) + "See passbench --help for the verbs."};
}

Error unexpected(const CLI::App& verb, const std::string& word) {
    const auto manual = fmt::format("See passbench {} --help.", verb.get_name());
    if (word.rfind('-', 0) != 0) {
        return {.code = ErrorCode::usage,
                .what = fmt::format("passbench {} does not know what to do with '{}'", verb.get_name(), word),
                .fix = manual};
    }
    const auto options = options_of(verb);
    const std::vector<std::string_view> known(options.begin(), options.end());
    return {.code = ErrorCode::usage,
            .what = fmt::format("unknown option '{}' of passbench {}", word, verb.get_name()),
            .fix = did_you_mean(word.substr(0, word.find('=')), known) + manual};
}

/// The error where a verb's operands are not all there.
Error missing_operand(const std::string& verb) {
    struct Need {
        std::string_view what;
        std::string_view operands;
    };
    static const std::map<std::string_view, Need> needs = {{"plan", {"a scenario file", "SCENARIO.toml"}},
                                                           {"report", {"the folder of a run", "RUN"}},
                                                           {"compare", {"the folders of two runs", "OLD NEW"}}};
    const auto& [what, operands] = needs.at(verb);
    return {.code = ErrorCode::usage,
            .what = fmt::format("passbench {} needs {}", verb, what),
            .fix = fmt::format("Type: passbench {} {}", verb, operands)};
}

Result<void> check_run(const Arguments& arguments) {
    if (arguments.scenario.empty() && arguments.resume.empty()) {
        return fail({.code = ErrorCode::usage,
                     .what = "passbench run needs a scenario, or --resume with a run's folder",
                     .fix = "A scenario to begin with: passbench run scenarios/first-look.toml"});
    }
    if (!arguments.resume.empty() && (!arguments.scenario.empty() || !arguments.out.empty() ||
                                      arguments.scale != Scale::full || arguments.dry_run)) {
        return fail({.code = ErrorCode::usage,
                     .what = "--resume takes the scenario, its scale and the folder from the run that it goes on with",
                     .fix = "Leave the scenario, --scale, --out and --dry-run away."});
    }
    return {};
}

/// Standard output holds one document, or nobody could tell where the next begins.
Result<void> check_report(const Arguments& arguments) {
    std::vector<std::string> asking;
    if (arguments.json) {
        asking.emplace_back("--json");
    }
    for (const auto& [option, target] :
         {std::pair("--markdown -", &arguments.markdown), std::pair("--junit -", &arguments.junit),
          std::pair("--csv -", &arguments.csv)}) {
        if (*target == "-") {
            asking.emplace_back(option);
        }
    }
    if (asking.size() < 2) {
        return {};
    }
    return fail(
        {.code = ErrorCode::usage,
         .what = fmt::format("{} and {} both ask for standard output, which holds one document", asking[0], asking[1]),
         .fix = "Give a file in place of -, or ask for one of them."});
}

/// What rules of single verbs the grammar cannot say.
Result<void> check(const Arguments& arguments) {
    if (arguments.verb == "run") {
        return check_run(arguments);
    }
    if (arguments.verb == "report") {
        return check_report(arguments);
    }
    return {};
}

Result<Parsed> parse(CLI::App& app, Arguments& arguments, int argc, const char* const* argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const auto chosen = app.get_subcommands();
        return Parsed{{}, chosen.empty() ? overview() : chosen.front()->help("passbench")};
    } catch (const CLI::CallForVersion& version) {
        return Parsed{{}, std::string(version.what()) + "\n"};
    } catch (const CLI::RequiredError&) {
        const auto chosen = app.get_subcommands();
        return fail(chosen.empty() ? no_verb() : missing_operand(chosen.front()->get_name()));
    } catch (const CLI::ParseError& error) {
        const auto chosen = app.get_subcommands();
        const auto left = app.remaining(true);
        if (!chosen.empty() && !left.empty()) {
            return fail(unexpected(*chosen.front(), left.front()));
        }
        return fail({.code = ErrorCode::usage,
                     .what = error.what(),
                     .fix = chosen.empty() ? "See passbench --help."
                                           : fmt::format("See passbench {} --help.", chosen.front()->get_name())});
    }
    arguments.verb = app.get_subcommands().front()->get_name();
    PASSBENCH_CHECK(check(arguments));
    return Parsed{arguments, {}};
}

}  // namespace

Result<Parsed> parse_arguments(int argc, const char* const* argv) {
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first.empty()) {
        return fail(no_verb());
    }
    const auto* const empty = std::find_if(argv + 1, argv + argc, [](const char* word) { return *word == '\0'; });
    if (empty != argv + argc) {
        return fail({.code = ErrorCode::usage,
                     .what = fmt::format("the word behind '{}' is empty", *(empty - 1)),
                     .fix = "Write a path or a value there; a variable of the shell may be unset."});
    }
    if (first.front() != '-' && std::find(verbs().begin(), verbs().end(), first) == verbs().end()) {
        return fail(unknown_verb(first));
    }
    if (first.front() == '-' && first != "-h" && first != "--help" && first != "--version") {
        return fail(
            {.code = ErrorCode::usage,
             .what = fmt::format("'{}' stands where the verb belongs", first),
             .fix = "Options go behind the verb: passbench VERB [OPTIONS]. See passbench --help for the verbs."});
    }
    Arguments arguments;
    CLI::App app("", "passbench");
    declare(app, arguments);
    return parse(app, arguments, argc, argv);
}

const std::vector<std::string_view>& verbs() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const auto& manual : manuals()) {
            all.push_back(manual.verb);
        }
        return all;
    }();
    return names;
}

std::string overview() {
    std::string text(overview_head());
    for (const auto& manual : manuals()) {
        text += fmt::format("  {:<9}{}\n", manual.verb, manual.summary);
    }
    return text.append(overview_foot());
}

std::string manual_of(std::string_view verb) {
    Arguments unused;
    CLI::App app("", "passbench");
    declare(app, unused);
    return app.get_subcommand(std::string(verb))->help("passbench");
}

}  // namespace passbench
