#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/judge/evidence.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/fact_words.hpp"
#include "harness/report/memory_text.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/report.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_parts.hpp"
#include "harness/report/text.hpp"
#include "harness/report/wall_part_rows.hpp"
#include "harness/stats/estimates.hpp"

namespace passbench {
namespace {

/// "Xeon, 2 CPUs, 4 GiB, KVM"
std::string machine_text(const Environment& environment) {
    std::string text = shown_or(environment.identity, "cpu.model", "unknown CPU");
    text += fmt::format(", {} CPUs", shown_or(environment.identity, "cpus", "?"));
    if (const auto memory = fact_int(environment.identity, "memory_bytes")) {
        text += fmt::format(", {}", format_bytes(*memory));
    }
    const std::string hypervisor = shown_or(environment.context, "hypervisor", "none");
    return hypervisor == "none" ? text : fmt::format("{}, {}", text, hypervisor);
}

/// What the probe has advice for, each name once: "load 1.2 / 1.4, cpu.boost on" where two arms saw different loads.
std::string disturbances_text(const std::map<std::string, Environment>& environments) {
    std::map<std::string, std::set<std::string>> values;
    for (const auto& [arm, environment] : environments) {
        for (const auto& [key, advice] : environment.disturbances) {
            if (const auto name = advised_fact(key)) {
                values[printable(*name)].insert(shown_or(environment.disturbances, *name, "?"));
            }
        }
    }
    std::string text;
    for (const auto& [name, seen] : values) {
        text += (text.empty() ? "" : ", ") + name;
        std::string_view before = " ";
        for (const std::string& value : seen) {
            text.append(before).append(value);
            before = " / ";
        }
    }
    return text;
}

/// What the preflight warns of or blocks, once where two arms say the same.
std::set<std::string> preflight_texts(const std::map<std::string, Environment>& environments) {
    std::set<std::string> texts;
    for (const auto& [arm, environment] : environments) {
        for (const auto& check : environment.preflight) {
            if (check.severity != PreflightSeverity::warn && check.severity != PreflightSeverity::block) continue;
            texts.insert(fmt::format("{} {}: {}. {}", to_string(check.severity), check.check, check.what, check.fix));
        }
    }
    return texts;
}

std::string header(const Reported& reported, Colour colour) {
    const Plan& plan = reported.plan;
    const bool simulated = reported.verdict.simulated || reported.stats.simulated;
    std::string text = heading(heading_of(plan), colour);
    std::string last_machine;
    for (const std::string& arm : plan.arms) {
        const auto environment = reported.environments.find(arm);
        if (environment == reported.environments.end()) continue;
        const std::string machine = machine_text(environment->second);
        const std::string first = plan.arms.size() > 1 ? fmt::format("  {}: ", printable(arm)) : "  ";
        text += indented(first, machine == last_machine ? "the same machine" : machine, report_columns);
        last_machine = machine;
    }
    const auto blocks =
        reported.stats.look > 0 && static_cast<std::size_t>(reported.stats.look) <= plan.design.looks.size()
            ? plan.design.looks[static_cast<std::size_t>(reported.stats.look - 1)]
            : static_cast<int>(plan.blocks.size());
    text +=
        indented("  ",
                 fmt::format("{} of {}, look {} of {}; card: {}{}", counted(static_cast<std::size_t>(blocks), "block"),
                             counted(static_cast<std::size_t>(plan.design.trials), "trial"), reported.stats.look,
                             reported.stats.looks, printable(reported.verdict.card), simulated ? "; simulated" : ""),
                 report_columns);
    if (const std::string disturbances = disturbances_text(reported.environments); !disturbances.empty()) {
        text += indented("  may disturb: ", disturbances + " (passbench doctor says what to do)", report_columns);
    }
    for (const std::string& line : preflight_texts(reported.environments)) {
        text += indented("  preflight: ", printable(line), report_columns);
    }
    return text;
}

/// "95 % interval"
std::string interval_title(const Stats& stats) { return fmt::format("{:.0f} % interval", stats.confidence * 100); }

/// "2 threads, avx512" -> "2 x avx512"; of a device its name: "Tesla T4, sm_75, 40 SMs" -> "Tesla T4".
std::string short_ran_on(std::string text) {
    constexpr std::string_view maker = "NVIDIA ";
    if (const auto at = text.find(", sm_"); at != std::string::npos) {
        text.resize(at);
        if (text.starts_with(maker)) text.erase(0, maker.size());
    }
    for (const std::string_view words : {" threads, ", " thread, "}) {
        if (const auto at = text.find(words); at != std::string::npos) text.replace(at, words.size(), " x ");
    }
    return printable(text);
}

std::string first_metric(const CaseGroup& group, const Stats& stats) {
    const Workload* workload = find_workload(group.workload);
    if (workload != nullptr) return std::string(workload->metrics.front().name);
    for (const Estimate& estimate : stats.estimates) {
        if (estimate.case_name == group.cases.front().planned->name) return estimate.metric;
    }
    return "value";
}

/// Values of one workload: a row a case and arm.
class GroupTable {
public:
    GroupTable(const Reported& reported, const Evidence& evidence, Footnotes& footnotes)
        : reported_(reported), evidence_(evidence), footnotes_(footnotes) {}

    [[nodiscard]] std::string text(const CaseGroup& group, std::size_t rows, Colour colour) const {
        const std::string metric = first_metric(group, reported_.stats);
        Table table({{"case"},
                     {"arm", Align::left, 10},
                     {metric, Align::right, 13},
                     {interval_title(reported_.stats), Align::left, 17},
                     {"n", Align::right, 4},
                     {"of limit", Align::right, 14},
                     {"ran on", Align::left, 16},
                     {"", Align::left, 6}});
        for (const LabelledCase& one : group.cases) {
            for (const std::string& arm : reported_.plan.arms) {
                if (rows-- == 0) return table.text(colour);
                add_row(table, group, one, arm, metric);
            }
        }
        return table.text(colour);
    }

private:
    void add_row(Table& table, const CaseGroup& group, const LabelledCase& one, const std::string& arm,
                 const std::string& metric) const {
        const Estimate* estimate = evidence_.estimate(one.planned->name, metric, arm, "");
        const Missing* missing = evidence_.missing(one.planned->name, arm);
        const std::string shown_arm = reported_.plan.arms.size() > 1 ? printable(arm) : "";
        if (estimate == nullptr) {
            table.add({{one.label}, {shown_arm}, {"-"}, {}, {}, {}, {}, {}});
        } else {
            const QuantityText quantity = quantity_text(*estimate);
            const bool is_low = estimate->of_limit && *estimate->of_limit < low_share_of_peak;
            table.add({{one.label},
                       {shown_arm},
                       {quantity.value, Tone::strong},
                       {quantity.interval},
                       {std::to_string(estimate->blocks)},
                       {limit_text(*estimate), is_low ? Tone::doubtful : Tone::plain},
                       {short_ran_on(estimate->ran_on)},
                       {footnotes_.mark(*estimate, group.workload + " " + one.label), Tone::doubtful}});
        }
        if (missing != nullptr) table.add_note(printable(missing->word + ": " + to_text(*missing)));
    }

    const Reported& reported_;
    const Evidence& evidence_;
    Footnotes& footnotes_;
};

std::string values_section(const Reported& reported, Colour colour) {
    const Evidence evidence(reported.stats);
    Footnotes footnotes;
    const GroupTable tables(reported, evidence, footnotes);
    std::string text;
    std::size_t rows = 0;
    const std::size_t all_rows = reported.plan.cases.size() * reported.plan.arms.size();
    for (const CaseGroup& group : group_cases(reported.plan)) {
        if (rows >= max_terminal_rows) break;
        text += "\n";
        text += heading(heading_of(group), colour);
        text += tables.text(group, max_terminal_rows - rows, colour);
        text += wall_parts_section(reported, group, colour);
        rows += group.cases.size() * reported.plan.arms.size();
    }
    if (all_rows > max_terminal_rows) {
        text += fmt::format("  ({} more rows in report.md and stats.csv)\n", all_rows - max_terminal_rows);
    }
    const std::string notes = footnotes.text();
    return notes.empty() ? text : fmt::format("{}\nread with care\n{}", text, notes);
}

/// What is shown and not judged: arms against the reference where no gate asks.
std::string changes_section(const Reported& reported, Colour colour) {
    std::set<std::pair<std::string_view, std::string_view>> gated;
    for (const GateVerdict& gate : reported.verdict.gates) gated.emplace(gate.case_name, gate.metric);
    const CaseLabels labels(reported.plan);
    Table table({{"case"},
                 {"arm", Align::left, 12},
                 {"metric", Align::left, 10},
                 {"worse by", Align::right, 10},
                 {interval_title(reported.stats), Align::left, 18},
                 {"n", Align::right, 4}});
    std::size_t rows = 0;
    for (const Estimate& estimate : reported.stats.estimates) {
        if (!estimate.reference || gated.contains({estimate.case_name, estimate.metric})) continue;
        if (++rows > max_terminal_rows) break;
        const QuantityText quantity = quantity_text(estimate);
        table.add({{labels.of(estimate.case_name)},
                   {printable(estimate.arm)},
                   {printable(estimate.metric)},
                   {quantity.value},
                   {quantity.interval},
                   {std::to_string(estimate.blocks)}});
    }
    if (table.empty()) return "";
    return fmt::format("\nagainst {}, not gated (positive = worse)\n", printable(reported.plan.arms.front())) +
           table.text(colour);
}

std::string memory_section(const Reported& reported) {
    const CaseLabels labels(reported.plan);
    std::string text;
    for (const MemoryTest& test : reported.stats.memory) {
        const std::string arm = reported.plan.arms.size() > 1 ? fmt::format(" on {}", printable(test.arm)) : "";
        text += indented("  ", fmt::format("{}{}: {}", labels.of(test.case_name), arm, memory_sentence(test)),
                         report_columns);
    }
    return text.empty() ? "" : "\nmemory\n" + text;
}

/// "dda prepared in 41.2 s, given back in 13.3 s; medians of 8 leases"
std::string host_section(const Stats& stats) {
    std::string text;
    for (const HostTime& prepared : stats.host_times) {
        if (prepared.event != host_event::prepared || !prepared.what.empty()) continue;
        std::string line =
            fmt::format("{} prepared in {}", printable(prepared.arm), format_duration(prepared.median_ns));
        for (const HostTime& back : stats.host_times) {
            if (back.arm != prepared.arm || back.event != host_event::given_back || !back.what.empty()) continue;
            line += fmt::format(", given back in {}", format_duration(back.median_ns));
        }
        line += fmt::format("; {}{}",
                            prepared.leases == 1 ? "one lease" : fmt::format("medians of {} leases", prepared.leases),
                            prepared.simulated ? " (simulated)" : "");
        text += indented("  ", line, report_columns);
    }
    return text.empty() ? "" : "\nhost\n" + text;
}

std::string ending(const Reported& reported, Colour colour) {
    const Verdict& verdict = reported.verdict;
    std::string text = fmt::format("\nrun word: {}{}\n", toned(spoken(verdict.word), tone_of(verdict.word), colour),
                                   verdict.simulated || reported.stats.simulated ? " (simulated)" : "");
    for (const Reason& reason : verdict.reasons) text += indented("  ", printable(reason.text), report_columns);
    for (const std::string& kept : verdict.kept) {
        text += indented("  ", "stays so on the host: " + printable(kept), report_columns);
    }
    std::vector<std::string> fixes;
    for (const Reason& reason : verdict.reasons) {
        if (!reason.fix.empty() && std::find(fixes.begin(), fixes.end(), reason.fix) == fixes.end()) {
            fixes.push_back(reason.fix);
        }
    }
    for (std::size_t index = 0; index < fixes.size(); ++index) {
        text += indented(index == 0 ? "next: " : "      ", printable(fixes[index]), report_columns);
    }
    return text + indented("run: ", printable(reported.run_path), report_columns);
}

}  // namespace

std::string terminal_report(const Reported& reported, Colour colour) {
    std::string text = header(reported, colour) + values_section(reported, colour) +
                       lines_section(reported.plan, reported.stats, colour) +
                       speed_ups_section(reported.plan, reported.stats, colour) + changes_section(reported, colour) +
                       memory_section(reported) + host_section(reported.stats);
    const std::string gates = gates_section(reported.verdict.gates, CaseLabels(reported.plan), colour);
    if (!gates.empty()) {
        text += fmt::format("\ngates: against {} (positive = worse)\n", printable(reported.plan.arms.front())) + gates;
    }
    return text + ending(reported, colour);
}

}  // namespace passbench
