// report.md: everything that the terminal leaves out: full case names, every metric, percentiles, the fingerprint.
#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/memory_text.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/report.hpp"
#include "harness/report/terminal_parts.hpp"
#include "harness/report/text.hpp"
#include "harness/report/wall_part_rows.hpp"

namespace passbench {
namespace {

/// Plain text: what Markdown or HTML would act upon is taken literally.
std::string plain(std::string_view text) {
    std::string safe;
    for (const char letter : printable(text)) {
        if (letter == '<') {
            safe += "&lt;";
        } else if (letter == '&') {
            safe += "&amp;";
        } else {
            if (std::string_view("\\`*_{}[]#|~!").find(letter) != std::string_view::npos) safe += '\\';
            safe += letter;
        }
    }
    return safe;
}

/// A name as code, in a table cell too.
std::string code(std::string_view text) {
    std::string safe;
    for (const char letter : printable(text)) {
        if (letter == '|') safe += '\\';
        safe += letter == '`' ? '\'' : letter;
    }
    return "`" + safe + "`";
}

template <typename... Cells>
std::string row(const Cells&... cells) {
    std::string line = "|";
    ((line += " " + std::string(cells) + " |"), ...);
    return line + "\n";
}

std::string verdict_section(const Reported& reported) {
    const Verdict& verdict = reported.verdict;
    const bool simulated = verdict.simulated || reported.stats.simulated;
    std::string text = fmt::format("**{}**{}, card: {}\n\n", spoken(verdict.word), simulated ? " (simulated)" : "",
                                   plain(verdict.card));
    for (const Reason& reason : verdict.reasons) {
        text += fmt::format("- {}{}\n", plain(reason.text),
                            reason.fix.empty() ? "" : fmt::format(" Next: {}", plain(reason.fix)));
    }
    for (const std::string& kept : verdict.kept) text += fmt::format("- Stays so on the host: {}\n", plain(kept));
    return text;
}

std::string gates_table(const std::vector<GateVerdict>& gates) {
    if (gates.empty()) return "";
    std::string text = "\n## Gates\n\nA change is relative to the reference arm; positive is worse.\n\n";
    text += row("word", "case", "metric", "arm", "reference", "blocks", "budget", "can show", "in words");
    text += "|---|---|---|---|---|---:|---:|---:|---|\n";
    for (const GateVerdict& gate : gates) {
        text += row("**" + std::string(to_string(gate.word)) + "**", code(gate.case_name), plain(gate.metric),
                    plain(gate.arm), plain(gate.reference), std::to_string(gate.blocks), budget_text(gate.budget),
                    gate.mde ? detectable_text(*gate.mde) : "", plain(gate.text));
    }
    return text;
}

std::string flag_codes(const Estimate& estimate) {
    std::string codes;
    for (const Flag& flag : estimate.flags) codes += (codes.empty() ? "" : ", ") + plain(flag.code);
    return codes;
}

std::string values_table(const Stats& stats) {
    std::string text = fmt::format(
        "\n## Values\n\nMedian of the block values, with an exact interval of at least {:.0f} % (order statistics of n "
        "blocks).\n\n",
        stats.confidence * 100);
    text += row("case", "metric", "arm", "value", "interval", "n", "of limit", "limit", "ran on", "flags");
    text += "|---|---|---|---:|---|---:|---:|---|---|---|\n";
    for (const Estimate& estimate : stats.estimates) {
        if (estimate.reference) continue;
        const QuantityText quantity = quantity_text(estimate);
        text += row(code(estimate.case_name), plain(estimate.metric), plain(estimate.arm),
                    estimate.value ? quantity.value : plain(estimate.why), plain(quantity.interval),
                    std::to_string(estimate.blocks), limit_text(estimate),
                    estimate.limit ? plain(estimate.limit->formula) : "", plain(estimate.ran_on), flag_codes(estimate));
    }
    return text;
}

std::string parts_table(const Stats& stats) {
    if (stats.parts.empty()) return "";
    std::string text =
        "\n## Where the wall time goes\n\nPer operation, from stamped twins of the timed iterations; with the "
        "remainder the "
        "parts add up to the wall time. Under 3 ticks of its clock a part is given as less than that.\n\n";
    text += row("case", "arm", "part", "value", "interval", "share", "clocks", "n") +
            "|---|---|---|---:|---|---:|---|---:|\n";
    for (const WallParts& parts : stats.parts) {
        const std::string arm = plain(parts.arm) + (parts.simulated ? " (simulated)" : "");
        if (parts.parts.empty())
            text += row(code(parts.case_name), arm, plain("no parts: " + parts.why), "", "", "", "", "");
        for (const WallPartRow& one : wall_part_rows(parts)) {
            text += row(code(parts.case_name), arm, plain(one.part), plain(one.value), plain(one.interval), one.share,
                        one.clocks, std::to_string(parts.blocks));
        }
    }
    return text;
}

std::string changes_table(const Stats& stats) {
    std::string rows;
    for (const Estimate& estimate : stats.estimates) {
        if (!estimate.reference) continue;
        const QuantityText quantity = quantity_text(estimate);
        rows +=
            row(code(estimate.case_name), plain(estimate.metric), plain(estimate.arm), plain(*estimate.reference),
                estimate.value ? quantity.value : plain(estimate.why), plain(quantity.interval),
                estimate.lo ? fmt::format("{:.1f} %", estimate.confidence * 100) : "", std::to_string(estimate.blocks),
                estimate.mde ? detectable_text(*estimate.mde) : "", flag_codes(estimate));
    }
    if (rows.empty()) return "";
    return "\n## Changes against the reference\n\nHodges-Lehmann estimates of paired blocks; positive is worse.\n\n" +
           row("case", "metric", "arm", "reference", "worse by", "interval", "confidence", "n", "can show", "flags") +
           "|---|---|---|---|---:|---|---:|---:|---:|---|\n" + rows;
}

std::string lines_tables(const Stats& stats) {
    std::string lines;
    std::string changes;
    for (const Fit& fit : stats.fits) {
        std::string& rows = fit.reference ? changes : lines;
        const std::string model = plain(fit.metric + " = " + fit.model);
        if (fit.numbers.empty()) {
            rows += row(code(fit.cases), model, plain(fit.arm), "", plain(fit.why), "", std::to_string(fit.blocks),
                        plain(range_text(fit)), "");
        }
        for (const FitNumber& number : fit.numbers) {
            const QuantityText quantity = quantity_text(fit, number);
            rows += row(code(fit.cases), model, plain(fit.arm), plain(number.name),
                        number.value ? quantity.value : plain(number.why), plain(quantity.interval),
                        std::to_string(fit.blocks), plain(range_text(fit)), plain(furthest_text(fit)));
        }
    }
    const auto table = [](std::string_view title, std::string_view about, std::string_view value,
                          const std::string& rows) {
        return rows.empty()
                   ? ""
                   : fmt::format("\n## {}\n\n{}\n\n", title, about) +
                         row("cases", "line", "arm", "number", value, "interval", "n", "from .. to", "furthest off") +
                         "|---|---|---|---|---:|---|---:|---|---|\n" + rows;
    };
    return table(
               "Lines",
               "Of each block the line with the least sum of \\|ln(time / line)\\| over its cases, which differ in one "
               "parameter alone; medians over the blocks with exact intervals. How far the times lie from the line is "
               "in the last column.",
               "value", lines) +
           table("Lines against the reference", "Hodges-Lehmann estimates of paired blocks; positive is worse.",
                 "worse by", changes);
}

std::string speed_ups_table(const Stats& stats) {
    std::string rows;
    for (const SpeedUp& speed_up : stats.speed_ups) {
        const FactorText alone = factor_text(speed_up, "alone");
        const FactorText with_transfers = factor_text(speed_up, "with_transfers");
        rows +=
            row(code(speed_up.case_name), plain(speed_up.arm), speed_up.why.empty() ? alone.value : plain(speed_up.why),
                plain(alone.interval), with_transfers.value, plain(with_transfers.interval),
                std::to_string(speed_up.blocks), speed_up.cpu_case.empty() ? "" : code(speed_up.cpu_case));
    }
    if (rows.empty()) return "";
    return "\n## Speed-up\n\nHow many times as fast the device is as the best cpu case of the same work in the same "
           "arm: with "
           "inputs and results on the device, and with the time to bring them there and back. Hodges-Lehmann estimates "
           "of "
           "paired blocks.\n\n" +
           row("case", "arm", "speed-up", "interval", "with transfers", "interval", "n", "best cpu case") +
           "|---|---|---:|---|---:|---|---:|---|\n" + rows;
}

std::string host_times_table(const Stats& stats) {
    if (stats.host_times.empty()) return "";
    std::string text =
        "\n## The host\n\nWhat it took to prepare the host for an arm and to give it back, step by step, each until a "
        "survey "
        "of the host showed it: the median over the leases, one a block and attempt, with an exact interval. Waiting "
        "for the "
        "host to come to rest is in none of them.\n\n";
    text += row("arm", "", "step", "median", "interval", "n") + "|---|---|---|---:|---|---:|\n";
    for (const HostTime& time : stats.host_times) {
        const std::string arm = plain(time.arm) + (time.simulated ? " (simulated)" : "");
        text += row(arm, time.event == host_event::prepared ? "prepare" : "give back",
                    time.what.empty() ? "**sum**" : code(time.what), format_duration(time.median_ns),
                    time.lo_ns && time.hi_ns
                        ? fmt::format("{} .. {}", format_duration(*time.lo_ns), format_duration(*time.hi_ns))
                        : "",
                    std::to_string(time.leases));
    }
    return text;
}

std::string flags_list(const Stats& stats) {
    std::string text;
    for (const Estimate& estimate : stats.estimates) {
        for (const Flag& flag : estimate.flags) {
            text += fmt::format("- {}, {} on {}{}: {}: {}\n", code(estimate.case_name), plain(estimate.metric),
                                plain(estimate.arm),
                                estimate.reference ? fmt::format(" against {}", plain(*estimate.reference)) : "",
                                plain(flag.code), plain(flag.text));
        }
    }
    return text.empty() ? "" : fmt::format("\n## Read with care\n\n{}", text);
}

std::string missing_table(const Stats& stats) {
    if (stats.missing.empty()) return "";
    std::string text = "\n## Trials without a value\n\n";
    text += row("word", "case", "arm", "block", "trial", "why") + "|---|---|---|---:|---:|---|\n";
    for (const Missing& one : stats.missing) {
        text += row(plain(one.word), code(one.case_name), plain(one.arm), std::to_string(one.block),
                    std::to_string(one.trial), plain(one.text));
    }
    return text;
}

std::string memory_list(const Stats& stats) {
    if (stats.memory.empty()) return "";
    std::string text = "\n## Memory\n\n";
    for (const MemoryTest& test : stats.memory) {
        text += fmt::format("- {} on {}: {}\n", code(test.case_name), plain(test.arm), plain(memory_sentence(test)));
    }
    return text;
}

std::string quantiles_table(const Stats& stats) {
    if (stats.quantiles.empty()) return "";
    std::string text =
        "\n## Percentiles of single iterations\n\nNearest rank over all iterations, for description alone: iterations "
        "of "
        "one process are no independent sample.\n\n";
    text += row("case", "metric", "arm", "percentile", "value", "iterations") + "|---|---|---|---:|---:|---:|\n";
    for (const Quantile& one : stats.quantiles) {
        text += row(code(one.case_name), plain(one.metric), plain(one.arm), fmt::format("p{:g}", one.p * 100),
                    format_value(one.value, "ns"), std::to_string(one.n));
    }
    return text;
}

std::string facts_table(std::string_view title, const std::map<std::string, Environment>& environments,
                        Facts Environment::*part) {
    std::string rows;
    for (const auto& [arm, environment] : environments) {
        for (const auto& [key, value] : environment.*part) {
            rows += row(plain(arm), code(key), plain(to_string(value)));
        }
    }
    if (rows.empty()) return "";
    return fmt::format("\n### {}\n\n", title) + row("arm", "key", "value") + "|---|---|---|\n" + rows;
}

std::string preflight_table(const std::map<std::string, Environment>& environments) {
    std::string rows;
    for (const auto& [arm, environment] : environments) {
        for (const auto& check : environment.preflight) {
            if (check.severity == PreflightSeverity::ok) continue;
            rows += row(plain(arm), std::string(to_string(check.severity)), code(check.check), plain(check.what),
                        plain(check.fix));
        }
    }
    if (rows.empty()) return "";
    return "\n### Preflight (what was not in order)\n\n" + row("arm", "severity", "check", "seen", "what to do") +
           "|---|---|---|---|---|\n" + rows;
}

std::string machine_section(const Reported& reported) {
    const auto& environments = reported.environments;
    return "\n## Machine\n" + preflight_table(environments) +
           facts_table("Identity (must match to compare)", environments, &Environment::identity) +
           facts_table("Disturbances", environments, &Environment::disturbances) +
           facts_table("Context", environments, &Environment::context) +
           facts_table("Capabilities", environments, &Environment::capabilities);
}

std::string design_section(const Reported& reported) {
    const Plan& plan = reported.plan;
    std::string looks;
    for (const int blocks : plan.design.looks) looks += (looks.empty() ? "" : ", ") + std::to_string(blocks);
    return fmt::format(
        "\n## Design\n\n- look {} of {}; blocks at the looks: {}\n- {} a block, {} a trial, warm-up {}\n- alpha {:g}, "
        "seed {}\n- plan `{}`\n- run {}\n",
        reported.stats.look, reported.stats.looks, looks,
        counted(static_cast<std::size_t>(plan.design.trials), "trial"),
        counted(static_cast<std::size_t>(plan.design.iterations), "iteration"),
        format_duration(static_cast<double>(plan.design.warmup_ns)), plan.design.alpha, plan.design.seed,
        printable(plan.sha256), code(reported.run_path));
}

}  // namespace

std::string markdown_report(const Reported& reported) {
    const Plan& plan = reported.plan;
    return fmt::format("# {}\n\n", plain(heading_of(plan))) + verdict_section(reported) +
           gates_table(reported.verdict.gates) + values_table(reported.stats) + parts_table(reported.stats) +
           changes_table(reported.stats) + lines_tables(reported.stats) + speed_ups_table(reported.stats) +
           memory_list(reported.stats) + host_times_table(reported.stats) + flags_list(reported.stats) +
           missing_table(reported.stats) + quantiles_table(reported.stats) + design_section(reported) +
           machine_section(reported);
}

}  // namespace passbench
