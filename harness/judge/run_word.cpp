#include "harness/judge/run_word.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/judge/evidence.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/judge/memory_clauses.hpp"

namespace passbench {
namespace {

std::string as_sentence(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

class ClauseList {
public:
    void add(RunWord word, Reason reason) {
        if (clauses_.reasons.empty()) clauses_.word = word;
        clauses_.reasons.push_back(std::move(reason));
    }
    [[nodiscard]] bool empty() const { return clauses_.reasons.empty(); }
    [[nodiscard]] Clauses take() { return std::move(clauses_); }

private:
    Clauses clauses_{RunWord::qualified, {}};
};

/// The trials of one word, of cases that are not waived, as one sentence.
struct MissingTrials {
    std::size_t trials = 0;
    std::set<std::pair<std::string_view, std::string_view>> cases;  // and arms
    const Missing* first = nullptr;
};

bool is_waived(const Judged& judged, std::string_view case_name) {
    const auto& waived = judged.policy.waived_cases;
    return std::find(waived.begin(), waived.end(), case_name) != waived.end();
}

MissingTrials missing_trials(const Judged& judged, std::string_view word) {
    MissingTrials found;
    for (const Missing& missing : judged.stats.missing) {
        if (missing.word != word || is_waived(judged, missing.case_name)) continue;
        ++found.trials;
        found.cases.emplace(missing.case_name, missing.arm);
        if (found.first == nullptr) found.first = &missing;
    }
    return found;
}

std::string sentence_of(const MissingTrials& found, std::string_view what) {
    return as_sentence(fmt::format("{} of {} {}; the first is {}, {}", counted(found.trials, "trial"),
                                   counted(found.cases.size(), "case"), what, found.first->case_name,
                                   to_text(*found.first)));
}

/// The gates of one word as one sentence: how many, and the one that is furthest on the wrong side.
std::optional<std::string> sentence_of_gates(const std::vector<GateVerdict>& gates, GateWord word,
                                             std::string_view what) {
    const GateVerdict* worst = nullptr;
    std::size_t count = 0;
    for (const GateVerdict& gate : gates) {
        if (gate.word != word) continue;
        ++count;
        if (worst == nullptr || gate.estimate.value_or(0) > worst->estimate.value_or(0)) worst = &gate;
    }
    if (worst == nullptr) return std::nullopt;
    return fmt::format("{} of {} {}; {}{}: {}", count, counted(gates.size(), "gate"), what, count > 1 ? "worst " : "",
                       worst->case_name, worst->text);
}

void add_failed(ClauseList& list, const Judged& judged, const Verdict& verdict) {
    if (!judged.status.host_restored) {
        list.add(RunWord::failed, {"host_differs", "The host is not as it was before the run.",
                                   "Run `passbench release`, which names what could not be put back."});
    }
    if (judged.status.state == RunState::failed) {
        list.add(RunWord::failed, {"run_failed", "The run could not go on: " + as_sentence(judged.status.reason),
                                   "Mend the cause, then go on with `passbench run --resume` and the run's folder."});
    }
    const MissingTrials errors = missing_trials(judged, "error");
    if (errors.trials > 0) {
        const bool interrupted = judged.status.state == RunState::interrupted;
        list.add(RunWord::failed,
                 {interrupted ? "interrupted" : "case_missing",
                  (interrupted ? "The run was interrupted: " : "") + sentence_of(errors, "gave no value"),
                  interrupted ? "Go on with `passbench run --resume` and the run's folder."
                              : "See log.txt and events.jsonl in the run's folder, mend the cause and measure again."});
    }
    const MissingTrials skipped = missing_trials(judged, "skipped");
    if (skipped.trials > 0 && !verdict.gates.empty()) {
        list.add(RunWord::failed, {"case_missing", sentence_of(skipped, "cannot run here"),
                                   "Take the case out of the scenario, or run it where it is possible."});
    }
    if (const auto gates = sentence_of_gates(verdict.gates, GateWord::error, "could not be judged")) {
        list.add(RunWord::failed, {"gate_error", *gates, "Mend what the trial's error says, then measure again."});
    }
}

void add_invalid(ClauseList& list, const Judged& judged) {
    const MissingTrials invalid = missing_trials(judged, "invalid");
    if (invalid.trials > 0) {
        list.add(RunWord::invalid,
                 {"invalid_value", sentence_of(invalid, "cannot be trusted"),
                  "Wrong results or a machine that changed while it was measured: mend that before any speed counts."});
    }
    for (const Estimate& estimate : judged.stats.estimates) {
        const Flag* flag = find_flag(estimate.flags, "above_limit");
        if (flag == nullptr || is_waived(judged, estimate.case_name)) continue;
        list.add(
            RunWord::invalid,
            {"above_limit",
             fmt::format("{} of {} on {} is at {}.", estimate.metric, estimate.case_name, estimate.arm, flag->text),
             "Look for work that was not done or a clock that changed during the trial; measure again."});
        return;
    }
}

void add_gates_and_memory(ClauseList& list, const Judged& judged, const Verdict& verdict) {
    if (const auto text = sentence_of_gates(verdict.gates, GateWord::regressed, "regressed")) {
        list.add(RunWord::not_qualified, {"regressed", *text,
                                          "Find what the slower arm does differently, or set a budget that the lab can "
                                          "accept and say why."});
    }
    if (auto error = memory_error(judged)) list.add(RunWord::not_qualified, *std::move(error));
    if (const auto text = sentence_of_gates(verdict.gates, GateWord::inconclusive, "came out inconclusive")) {
        list.add(RunWord::inconclusive,
                 {"inconclusive", *text,
                  "Raise [design] blocks in the scenario, or quieten the machine (`passbench doctor` says what "
                  "disturbs it)."});
    }
    if (const auto text = sentence_of_gates(verdict.gates, GateWord::confounded, "came out confounded")) {
        list.add(RunWord::inconclusive,
                 {"confounded", *text, "Lock the clocks in both arms ([prepare] in lab.toml) and measure again."});
    }
    if (auto less = coverage_short(judged)) list.add(RunWord::inconclusive, *std::move(less));
}

Reason measured_reason(const Judged& judged) {
    std::string text = fmt::format("Nothing was gated: {} measured in {}", counted(judged.plan.cases.size(), "case"),
                                   counted(judged.plan.arms.size(), "arm"));
    const MissingTrials skipped = missing_trials(judged, "skipped");
    if (skipped.trials > 0) {
        text += fmt::format(", but for {} that cannot run here, the first is {}: {}",
                            counted(skipped.cases.size(), "case"), skipped.first->case_name, skipped.first->text);
    }
    text = as_sentence(text);
    return {"nothing_gated", text, "For a verdict, give the scenario a second arm and its cases a gate."};
}

bool is_injected(const Verdict& verdict) { return find_flag(verdict.flags, "injected") != nullptr; }

bool has_a_value(const Judged& judged) {
    return std::any_of(judged.stats.estimates.begin(), judged.stats.estimates.end(),
                       [](const Estimate& estimate) { return estimate.value.has_value(); });
}

void add_pass(ClauseList& list, const Judged& judged, const Verdict& verdict) {
    if (!has_a_value(judged)) {
        const MissingTrials skipped = missing_trials(judged, "skipped");
        list.add(RunWord::failed,
                 {"nothing_measured",
                  skipped.trials == 0 ? std::string("No case has a value.")
                                      : as_sentence(fmt::format("No case can run here; the first is {}: {}",
                                                                skipped.first->case_name, skipped.first->text)),
                  "See `passbench doctor` for what this machine lacks."});
    } else if (verdict.gates.empty()) {
        list.add(RunWord::measured, measured_reason(judged));
    } else if (verdict.simulated) {
        list.add(RunWord::measured,
                 {"simulated", "Every gate is ok, but the device was simulated, which qualifies nothing.",
                  "Run the scenario on the real machine."});
    } else if (is_injected(verdict)) {
        list.add(RunWord::measured,
                 {"injected", "Every gate is ok, but a slowdown was planted, so nothing is qualified.",
                  "Take `inject` out of lab.toml and run again."});
    } else {
        const auto count = [&](GateWord word) {
            return std::count_if(verdict.gates.begin(), verdict.gates.end(),
                                 [&](const GateVerdict& gate) { return gate.word == word; });
        };
        list.add(RunWord::qualified,
                 {"qualified",
                  fmt::format("Every gate holds: {} ok, {} improved, {} waived.", count(GateWord::ok),
                              count(GateWord::improved), count(GateWord::waived)),
                  ""});
    }
}

/// R3.2: not a clause of its own, but nobody should act on values that were still moving without knowing it.
std::optional<Reason> unsteady_reason(const Stats& stats) {
    constexpr double worth_a_word = 0.5;
    std::set<std::pair<std::string_view, std::string_view>> all;
    std::set<std::pair<std::string_view, std::string_view>> unsteady;
    std::set<std::string_view> arms;
    for (const Estimate& estimate : stats.estimates) {
        if (estimate.reference || !estimate.value) continue;
        all.emplace(estimate.case_name, estimate.arm);
        arms.insert(estimate.arm);
        if (find_flag(estimate.flags, "unsteady") != nullptr) unsteady.emplace(estimate.case_name, estimate.arm);
    }
    if (unsteady.empty() || static_cast<double>(unsteady.size()) < worth_a_word * static_cast<double>(all.size())) {
        return std::nullopt;
    }
    return Reason{"unsteady",
                  fmt::format("{} of {} had trials that did not settle during the warm-up: their values depend on when "
                              "they were taken.",
                              unsteady.size(), counted(all.size(), arms.size() > 1 ? "case-arm pair" : "case")),
                  "Quieten the machine (`passbench doctor` says what disturbs it) and run again."};
}

}  // namespace

Clauses judge_clauses(const Judged& judged, const Verdict& verdict) {
    ClauseList list;
    add_failed(list, judged, verdict);
    add_invalid(list, judged);
    add_gates_and_memory(list, judged, verdict);
    if (list.empty()) add_pass(list, judged, verdict);
    Clauses clauses = list.take();
    if (auto unsteady = unsteady_reason(judged.stats)) clauses.reasons.push_back(std::move(*unsteady));
    return clauses;
}

}  // namespace passbench
