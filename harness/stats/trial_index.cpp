#include "harness/stats/trial_index.hpp"

#include <algorithm>
#include <optional>

namespace passbench {
namespace {

bool ends_trial(const Event& event) {
    return event.kind == "trial_ended" || event.kind == "trial_failed" || event.kind == "trial_skipped";
}

bool counts(const CountingAttempts& attempts, int block, int attempt) {
    const auto counting = attempts.find(block);
    return counting != attempts.end() && counting->second == attempt;
}

std::string reason_of(const Event& event, std::string_view otherwise) {
    const std::string reason = fact_text(event.facts, trial_fact::reason).value_or("");
    return reason.empty() ? std::string(otherwise) : reason;
}

}  // namespace

TrialIndex::TrialIndex(const Measured& measured) {
    for (const Chunk& chunk : measured.samples.chunks()) {
        if (chunk.phase != Phase::measure || !counts(measured.attempts, chunk.block, chunk.attempt)) continue;
        trials_[{chunk.case_name, chunk.arm, chunk.block, chunk.trial}].chunks.push_back(&chunk);
    }
    for (auto& [key, records] : trials_) {
        std::sort(records.chunks.begin(), records.chunks.end(),
                  [](const Chunk* left, const Chunk* right) { return left->first < right->first; });
    }
    for (const Event& event : measured.events) {
        if (event.trial < 0) continue;
        begun_.emplace(event.case_name, event.block);
        if (!ends_trial(event) || !counts(measured.attempts, event.block, event.attempt)) continue;
        trials_[{event.case_name, event.arm, event.block, event.trial}].outcome = &event;
    }
}

TrialRecords TrialIndex::find(std::string_view case_name, std::string_view arm, int block, int trial) const {
    const auto found = trials_.find(Key{case_name, arm, block, trial});
    return found == trials_.end() ? TrialRecords{} : found->second;
}

bool TrialIndex::begun(std::string_view case_name, int block) const { return begun_.contains({case_name, block}); }

std::optional<TrialFault> fault_of(const TrialRecords& records) {
    if (records.outcome == nullptr) return TrialFault{"error", "the trial left no record of how it ended"};
    const Event& event = *records.outcome;
    if (event.kind == "trial_skipped") return TrialFault{"skipped", reason_of(event, "not applicable here")};
    if (event.kind == "trial_failed") {
        const bool wrong_results = fact_text(event.facts, trial_fact::code) == to_string(ErrorCode::verify_failed);
        return TrialFault{wrong_results ? "invalid" : "error", reason_of(event, "the trial failed without a reason")};
    }
    const std::string breach = fact_text(event.facts, trial_fact::invariant).value_or("");
    if (!breach.empty()) return TrialFault{"invalid", breach};
    if (!fact_bool(event.facts, trial_fact::verified).value_or(false)) {
        return TrialFault{"invalid", "its results were not compared with the reference"};
    }
    if (records.chunks.empty()) return TrialFault{"error", "the trial ended without samples"};
    return std::nullopt;
}

}  // namespace passbench
