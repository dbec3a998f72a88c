#include "harness/judge/compare.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

#include "harness/report/report.hpp"
#include "host/cli/verbs.hpp"
#include "host/session/session.hpp"

namespace passbench::verb {

namespace {

/// What a comparison comes to, in the order of the words of a run: what cannot be trusted before what got worse.
struct Word {
    std::initializer_list<GateWord> gates;
    std::string_view word;
    RunWord stands_for;  // for the exit code
};

Word word_of(const Comparison& comparison) {
    const std::array<Word, 4> words = {
        {{{GateWord::error}, "error", RunWord::failed},
         {{GateWord::invalid}, "invalid", RunWord::invalid},
         {{GateWord::regressed}, "regressed", RunWord::not_qualified},
         {{GateWord::inconclusive, GateWord::confounded}, "inconclusive", RunWord::inconclusive}}};
    for (const auto& word : words) {
        const bool found = std::any_of(comparison.gates.begin(), comparison.gates.end(), [&](const auto& gate) {
            return std::find(word.gates.begin(), word.gates.end(), gate.word) != word.gates.end();
        });
        if (found) {
            return word;
        }
    }
    return {{}, "ok", RunWord::measured};
}

RunToCompare side_of(const RunOutcome& run, const std::string& name) {
    return {.name = name, .plan = run.plan, .stats = run.stats, .environments = run.environments};
}

Result<void> check_two_runs(const Arguments& arguments) {
    std::error_code unknown;  // what cannot be read is told where it is read
    if (!std::filesystem::equivalent(arguments.left, arguments.right, unknown)) {
        return {};
    }
    return fail({.code = ErrorCode::usage,
                 .what = "a run cannot be compared with itself: both paths lead to one folder",
                 .where = arguments.right.string(),
                 .fix = "Give the folders of two runs; `passbench report` compares the arms of one."});
}

Result<Answer> compared(const Arguments& arguments, const Terminal& terminal) {
    PASSBENCH_TRY(const auto left, analyze_again(arguments.left));
    PASSBENCH_CHECK(check_two_runs(arguments));
    PASSBENCH_TRY(const auto right, analyze_again(arguments.right));
    const auto left_name = run_name(left.path);
    const auto right_name = run_name(right.path);
    PASSBENCH_TRY(const auto comparison, compare_runs(side_of(left, left_name), side_of(right, right_name)));
    const auto word = word_of(comparison);
    return Answer{
        .exit = exit_code(word.stands_for),
        .text = arguments.quiet ? std::string(word.word) + "\n" : terminal_comparison(comparison, terminal.colour()),
        .data = to_json(comparison)};
}

}  // namespace

Checked<Answer> compare(const Arguments& arguments, const Terminal& terminal) {
    return as_checked(compared(arguments, terminal));
}

}  // namespace passbench::verb
