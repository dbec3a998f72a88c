#include "harness/judge/judge.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "harness/judge/controls.hpp"
#include "harness/judge/evidence.hpp"
#include "harness/judge/gate_word.hpp"
#include "harness/judge/run_word.hpp"

namespace passbench {
namespace {

int severity(const std::optional<ValidityState>& state) {
    if (!state) return 0;
    return state->word == GateWord::error ? 3 : state->word == GateWord::invalid ? 2 : 1;
}

/// A gate before R9.4: waived first, then what went wrong on either side, the graver first, then the controls.
std::optional<ValidityState> state_of_gate(const Judged& judged, const Evidence& evidence, const PlannedCase& planned,
                                           const std::string& arm, const std::optional<std::string>& confounded) {
    const auto& waived = judged.policy.waived_cases;
    if (std::find(waived.begin(), waived.end(), planned.name) != waived.end()) {
        return ValidityState{GateWord::waived, "The policy waives this case: it has a known limitation."};
    }
    auto of_reference = validity_state(evidence, planned.name, judged.plan.arms.front());
    auto of_arm = validity_state(evidence, planned.name, arm);
    if (severity(of_reference) > severity(of_arm)) return of_reference;
    if (of_arm) return of_arm;
    if (confounded) return ValidityState{GateWord::confounded, *confounded};
    return std::nullopt;
}

/// R3.2: trials that had not settled are a reason for an inconclusive gate; " On dda 2 of 24 trials had ..." or "".
std::string unsteady_text(const Evidence& evidence, const PlannedCase& planned, const std::string& metric,
                          const std::vector<std::string>& arms) {
    std::string text;
    for (const std::string& arm : arms) {
        const Estimate* estimate = evidence.estimate(planned.name, metric, arm, "");
        const Flag* flag = estimate == nullptr ? nullptr : find_flag(estimate->flags, "unsteady");
        if (flag != nullptr) text += fmt::format(" On {} {}.", arm, flag->text);
    }
    return text;
}

GateVerdict verdict_of_gate(const Judged& judged, const Evidence& evidence, const PlannedCase& planned,
                            const Gate& gate, const std::string& arm, const std::optional<std::string>& confounded) {
    const std::string& reference = judged.plan.arms.front();
    const Estimate* estimate = evidence.estimate(planned.name, gate.metric, arm, reference);
    Estimate none;
    none.case_name = planned.name;
    none.metric = gate.metric;
    none.arm = arm;
    none.reference = reference;
    none.why = "the arms have no block in common";
    GateVerdict verdict = gate_verdict({.estimate = estimate == nullptr ? none : *estimate, .budget = gate.budget});
    if (auto state = state_of_gate(judged, evidence, planned, arm, confounded)) {
        verdict.word = state->word;
        verdict.text = std::move(state->text);
    } else if (verdict.word == GateWord::inconclusive) {
        verdict.text += unsteady_text(evidence, planned, gate.metric, {reference, arm});
    }
    return verdict;
}

std::vector<GateVerdict> gate_verdicts(const Judged& judged, const Evidence& evidence) {
    std::vector<GateVerdict> verdicts;
    const Plan& plan = judged.plan;
    for (std::size_t arm = 1; arm < plan.arms.size(); ++arm) {
        const auto confounded = why_confounded(plan, judged.stats, plan.arms[arm]);
        for (const PlannedCase& planned : plan.cases) {
            for (const Gate& gate : planned.gates) {
                verdicts.push_back(verdict_of_gate(judged, evidence, planned, gate, plan.arms[arm], confounded));
            }
        }
    }
    return verdicts;
}

/// The name of the card in any arm.
std::string card_of(const std::map<std::string, Environment>& environments) {
    for (const auto& [arm, environment] : environments) {
        if (const auto model = fact_text(environment.identity, "gpu.model"); model && !model->empty()) return *model;
    }
    return "none";
}

/// One flag a code, with how many values have it and what the first one says.
std::vector<Flag> flags_of_run(const Stats& stats) {
    std::vector<Flag> flags;
    std::map<std::string, int> counts;
    for (const Estimate& estimate : stats.estimates) {
        for (const Flag& flag : estimate.flags) {
            if (++counts[flag.code] > 1) continue;
            flags.push_back({flag.code, fmt::format("{} on {}: {}", estimate.case_name, estimate.arm, flag.text)});
        }
    }
    for (Flag& flag : flags) {
        const int count = counts[flag.code];
        if (count > 1) flag.text = fmt::format("{} values, the first {}", count, flag.text);
    }
    return flags;
}

}  // namespace

Verdict judge(const Judged& judged) {
    const Evidence evidence(judged.stats);
    Verdict verdict;
    verdict.card = card_of(judged.environments);
    verdict.gates = gate_verdicts(judged, evidence);
    verdict.flags = flags_of_run(judged.stats);
    verdict.kept = judged.status.kept;
    verdict.simulated = judged.stats.simulated || judged.status.simulated;
    for (const auto& [arm, environment] : judged.environments) verdict.simulated |= environment.simulated;
    const Clauses clauses = judge_clauses(judged, verdict);
    verdict.word = clauses.word;
    verdict.reasons = clauses.reasons;
    return verdict;
}

std::vector<bool> cases_for_next_look(const Plan& plan, const Verdict& verdict, int look) {
    std::vector<bool> wanted(plan.cases.size(), false);
    if (look >= static_cast<int>(plan.design.looks.size())) return wanted;
    std::set<std::string_view> open;
    for (const GateVerdict& gate : verdict.gates) {
        if (gate.word == GateWord::inconclusive) open.insert(gate.case_name);
    }
    if (open.empty()) return wanted;
    for (std::size_t index = 0; index < plan.cases.size(); ++index) {
        wanted[index] = open.contains(plan.cases[index].name) || is_control(plan.cases[index]);
    }
    return wanted;
}

}  // namespace passbench
