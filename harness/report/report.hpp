// What a person and a CI system read, from the records alone: the terminal's table, report.md, junit.xml, stats.csv. Pure:
// text in, text out; nothing is printed here.
#pragma once

#include <map>
#include <string>

#include "harness/judge/compare.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/run_directory.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

struct Reported {
    std::string run_path;  // as shown to the reader
    const Plan& plan;
    const Stats& stats;
    const Verdict& verdict;
    const RunStatus& status;
    const std::map<std::string, Environment>& environments;
};

enum class Colour { off, on };

/// At most 100 columns: the machine in a line, a row a case and arm (value, interval, percent of limit, flags), gates, the run
/// word with its reasons, and what to do next.
[[nodiscard]] std::string terminal_report(const Reported& reported, Colour colour);
[[nodiscard]] std::string markdown_report(const Reported& reported);
/// Suite = scenario, testcase = gate metric of a case, or the case itself where nothing is gated (method.md section 17).
[[nodiscard]] std::string junit_report(const Reported& reported);
/// One row an estimate; RFC 4180; plain decimals.
[[nodiscard]] std::string csv_report(const Reported& reported);

[[nodiscard]] std::string terminal_comparison(const Comparison& comparison, Colour colour);

/// A plan as a person reads it: cases, order of the first blocks, minutes, minimal detectable effect for `pair_sd`, and `notes`
/// (plan_notes): what it does otherwise than the scenario's words say.
[[nodiscard]] std::string terminal_plan(const Plan& plan, const std::vector<std::string>& notes, double pair_sd);

}  // namespace passbench
