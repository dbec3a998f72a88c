#include "harness/report/terminal_parts.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/judge/gate_word.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

bool holds(const GateVerdict& gate) { return gate.word == GateWord::ok || gate.word == GateWord::improved; }

std::string interval_of(const GateVerdict& gate) {
    if (!gate.lo || !gate.hi) return "";
    return fmt::format("[{:.1f} .. {:.1f}]", *gate.lo * 100, *gate.hi * 100);
}

/// a, b .. z, aa ..: more than 26 codes do not exist, but a foreign record may claim them.
std::string letter(std::size_t index) {
    std::string text = index < 26 ? "" : letter(index / 26 - 1);
    text.push_back(static_cast<char>('a' + index % 26));
    return text;
}

}  // namespace

Tone tone_of(GateWord word) {
    switch (word) {
        case GateWord::ok:
        case GateWord::improved:
            return Tone::good;
        case GateWord::regressed:
        case GateWord::invalid:
        case GateWord::error:
            return Tone::bad;
        default:
            return Tone::doubtful;
    }
}

Tone tone_of(RunWord word) {
    switch (word) {
        case RunWord::qualified:
            return Tone::good;
        case RunWord::measured:
            return Tone::strong;
        case RunWord::inconclusive:
            return Tone::doubtful;
        default:
            return Tone::bad;
    }
}

std::string spoken(RunWord word) {
    std::string text(to_string(word));
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string Footnotes::mark(const Estimate& estimate, const std::string& row) {
    std::vector<std::string> marks;
    for (const Flag& flag : estimate.flags) {
        auto note =
            std::find_if(notes_.begin(), notes_.end(), [&](const Note& known) { return known.code == flag.code; });
        if (note == notes_.end()) note = notes_.insert(note, {flag.code, printable(flag.text), row, 0});
        ++note->rows;
        marks.push_back(letter(static_cast<std::size_t>(note - notes_.begin())));
    }
    return joined(marks, " ");
}

std::string Footnotes::text() const {
    std::string text;
    for (std::size_t index = 0; index < notes_.size(); ++index) {
        const Note& note = notes_[index];
        const std::string where = note.rows == 1 ? note.row : fmt::format("{} and {} more", note.row, note.rows - 1);
        text += indented(fmt::format("  {}  ", letter(index)),
                         fmt::format("{}: {} ({})", printable(note.code), note.text, where), report_columns);
    }
    return text;
}

CaseLabels::CaseLabels(const Plan& plan) {
    for (const CaseGroup& group : group_cases(plan)) {
        for (const LabelledCase& one : group.cases) {
            labels_[one.planned->name] = fmt::format("{} {}", group.workload, one.label);
        }
    }
}

std::string CaseLabels::of(const std::string& case_name) const {
    const auto known = labels_.find(case_name);
    if (known != labels_.end()) return known->second;
    std::string name = printable(case_name);
    for (char& letter : name) {
        if (letter == '?' || letter == '&') letter = ' ';
    }
    return name;
}

std::string gates_section(const std::vector<GateVerdict>& gates, const CaseLabels& labels, Colour colour) {
    Table table({{"gate"},
                 {"arm", Align::left, 10},
                 {"metric", Align::left, 9},
                 {"worse %", Align::right, 7},
                 {"interval %", Align::left, 16},
                 {"budget", Align::right, 7},
                 {"can show", Align::right, 8},
                 {"n", Align::right, 4},
                 {"word", Align::left, 12}});
    std::string sentences;
    std::size_t shown = 0;
    for (const GateVerdict& gate : gates) {
        if (++shown > max_terminal_rows) break;
        const std::string name = labels.of(gate.case_name);
        table.add({{name},
                   {printable(gate.arm)},
                   {printable(gate.metric)},
                   {gate.estimate ? fmt::format("{:.1f}", *gate.estimate * 100) : "-"},
                   {interval_of(gate)},
                   {budget_text(gate.budget)},
                   {gate.mde ? detectable_text(*gate.mde) : ""},
                   {std::to_string(gate.blocks)},
                   {std::string(to_string(gate.word)), tone_of(gate.word)}});
        if (!holds(gate))
            sentences += indented("  - ", fmt::format("{}: {}", name, printable(gate.text)), report_columns);
    }
    if (table.empty()) return "";
    std::string text = table.text(colour);
    if (gates.size() > max_terminal_rows) {
        text += fmt::format("  ({} more gates)\n", gates.size() - max_terminal_rows);
    }
    return text + sentences;
}

}  // namespace passbench
