#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/report/report.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_parts.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

constexpr std::size_t max_names = 10;

std::string context_section(const std::vector<FactDifference>& context) {
    if (context.empty()) return "";
    std::string text = "\nwhat else differs (it may be the cause)\n";
    for (const FactDifference& one : context) {
        text +=
            indented("  - ",
                     fmt::format("{}: {} | {}", printable(one.key), one.left.empty() ? "absent" : printable(one.left),
                                 one.right.empty() ? "absent" : printable(one.right)),
                     report_columns);
    }
    return text;
}

std::string only_in(const std::string& run, const std::vector<std::string>& cases) {
    if (cases.empty()) return "";
    std::vector<std::string> names;
    for (const std::string& name : cases) {
        names.push_back(names.size() < max_names ? printable(name) : "...");
        if (names.size() > max_names) break;
    }
    return indented(
        "  ", fmt::format("only in {}: {}: {}", printable(run), counted(cases.size(), "case"), joined(names, ", ")),
        report_columns);
}

/// "2 regressed, 5 ok"
std::string summary(const std::vector<GateVerdict>& gates) {
    std::array<std::size_t, 9> counts{};
    for (const GateVerdict& gate : gates) ++counts[static_cast<std::size_t>(gate.word)];
    std::vector<std::string> words;
    for (std::size_t word = 0; word < counts.size(); ++word) {
        if (counts[word] > 0)
            words.push_back(fmt::format("{} {}", counts[word], to_string(static_cast<GateWord>(word))));
    }
    return words.empty() ? "nothing to compare" : joined(words, ", ");
}

}  // namespace

std::string terminal_comparison(const Comparison& comparison, Colour colour) {
    const std::string sides =
        fmt::format("{} against {} (positive = worse)", printable(comparison.right), printable(comparison.left));
    const std::string only =
        only_in(comparison.left, comparison.only_left) + only_in(comparison.right, comparison.only_right);
    const std::string words = indented("words: ", summary(comparison.gates), report_columns);
    const std::string note = indented("note: ",
                                      "the runs were made at different times, so drift of the machine between them "
                                      "counts as change; to gate, make both sides arms of one run.",
                                      report_columns);
    return fmt::format("{}{}\n{}{}{}\n{}{}", heading(sides, colour), context_section(comparison.context),
                       gates_section(comparison.gates, {}, colour), only.empty() ? "" : "\n", only, words, note);
}

}  // namespace passbench
