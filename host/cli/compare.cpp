#include "harness/judge/compare.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include <fmt/core.h>

#include "harness/report/report.hpp"
#include "host/cli/verbs.hpp"
#include "host/session/session.hpp"

namespace passbench::verb {

namespace {

/// The same order as for the word of a run: what cannot be trusted comes before what got worse.
int exit_of(const Comparison& comparison) {
    struct Rank {
        std::initializer_list<GateWord> words;
        RunWord stands_for;
    };
    const std::array<Rank, 4> ranks = {{{{GateWord::error}, RunWord::failed},
                                        {{GateWord::invalid}, RunWord::invalid},
                                        {{GateWord::regressed}, RunWord::not_qualified},
                                        {{GateWord::inconclusive, GateWord::confounded}, RunWord::inconclusive}}};
    for (const auto& [words, stands_for] : ranks) {
        const bool found =
            std::any_of(comparison.gates.begin(), comparison.gates.end(), [&words = words](const auto& gate) {
                return std::find(words.begin(), words.end(), gate.word) != words.end();
            });
        if (found) {
            return exit_code(stands_for);
        }
    }
    return 0;
}

std::string name_of(const RunOutcome& run) {
    const auto path = run.path.lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

RunToCompare side_of(const RunOutcome& run, const std::string& name) {
    return {.name = name, .plan = run.plan, .stats = run.stats, .environments = run.environments};
}

Result<Answer> answer(const Arguments& arguments, const Terminal& terminal) {
    PASSBENCH_TRY(const auto left, analyze_again(arguments.left));
    PASSBENCH_TRY(const auto right, analyze_again(arguments.right));
    PASSBENCH_TRY(const auto comparison, compare_runs(side_of(left, name_of(left)), side_of(right, name_of(right))));
    const auto colour = terminal.out_is_terminal && terminal.colour_wanted ? Colour::on : Colour::off;
    const int exit = exit_of(comparison);
    return Answer{.exit = exit,
                  .text = arguments.quiet ? std::string() : terminal_comparison(comparison, colour),
                  .data = to_json(comparison)};
}

}  // namespace

Checked<Answer> compare(const Arguments& arguments, const Terminal& terminal) {
    return as_checked(answer(arguments, terminal));
}

}  // namespace passbench::verb
