// Parts of the terminal's report that the report of a run and of a comparison share. Internal to this room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"
#include "harness/report/report.hpp"
#include "harness/report/table.hpp"

namespace passbench {

/// Rows beyond this are left to report.md and stats.csv: nobody reads them on a terminal.
inline constexpr std::size_t max_terminal_rows = 200;

[[nodiscard]] Tone tone_of(GateWord word);
[[nodiscard]] Tone tone_of(RunWord word);
/// "not qualified"
[[nodiscard]] std::string spoken(RunWord word);

/// Flags of rows as letters, and what the letters mean.
class Footnotes {
public:
    /// The letters of an estimate's flags: "a c". `row` names the row in the footnote.
    [[nodiscard]] std::string mark(const Estimate& estimate, const std::string& row);
    /// A line or more for each letter; "" where there is none.
    [[nodiscard]] std::string text() const;

private:
    struct Note {
        std::string code;
        std::string text;
        std::string row;
        std::size_t rows = 0;
    };
    std::vector<Note> notes_;
};

/// What cases are called in lists that hold several workloads: "stream op=triad". A case that the plan does not know, or any
/// where there is no plan, by its name with blanks, at which a line can end.
class CaseLabels {
public:
    CaseLabels() = default;
    explicit CaseLabels(const Plan& plan);
    [[nodiscard]] std::string of(const std::string& case_name) const;

private:
    std::map<std::string, std::string> labels_;
};

/// The lines of the run, a table a model, and their changes against the reference; "" where there is none.
[[nodiscard]] std::string lines_section(const Plan& plan, const Stats& stats, Colour colour);

/// A row for each gate, and a sentence for each that is not ok or improved.
[[nodiscard]] std::string gates_section(const std::vector<GateVerdict>& gates, const CaseLabels& labels, Colour colour);

}  // namespace passbench
