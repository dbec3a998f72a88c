// A run made of a few numbers, for tests of analyze(): a plan with one case of `copy` (1,000 bytes an operation), its samples
// in a folder, the events that go with them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/stats/analyze.hpp"

namespace passbench {

struct TrialToWrite {
    std::string arm = "native";
    int block = 0;
    int trial = 0;
    int attempt = 0;
    std::vector<std::int64_t> wall_ns = {};
    std::int64_t ops = 1;
    Facts facts = {};  // beside `verified`
    Phase phase = Phase::measure;
    bool simulated = false;
    std::int64_t first = 0;
    std::map<std::string, std::vector<std::int64_t>> columns = {};  // beside wall_ns
};

class MeasuredRun {
public:
    MeasuredRun(std::vector<std::string> arms, std::vector<int> looks, int trials) {
        plan.arms = std::move(arms);
        plan.design.looks = std::move(looks);
        plan.design.trials = trials;
        plan.blocks.resize(static_cast<std::size_t>(plan.design.looks.back()));
        PlannedCase planned;
        planned.name = case_name;
        planned.workload = "copy";
        planned.work.bytes = 1000;
        plan.cases = {planned};
    }

    /// Samples and the event of how the trial ended.
    void add(const TrialToWrite& trial) {
        add_samples(trial);
        Facts facts = trial.facts;
        facts.emplace("verified", true);
        add_event("trial_ended", trial, std::move(facts));
    }

    void add_samples(const TrialToWrite& trial) {
        auto writer = SampleWriter::open(folder.path());
        ASSERT_TRUE(writer);
        Chunk chunk;
        chunk.case_name = case_name;
        chunk.arm = trial.arm;
        chunk.block = trial.block;
        chunk.trial = trial.trial;
        chunk.attempt = trial.attempt;
        chunk.phase = trial.phase;
        chunk.ops = trial.ops;
        chunk.first = trial.first;
        chunk.simulated = trial.simulated;
        std::vector<ColumnValues> columns = {{"wall_ns", trial.wall_ns}};
        for (const auto& [name, values] : trial.columns) columns.push_back({name, values});
        ASSERT_TRUE(writer->append(chunk, columns));
    }

    void add_event(const std::string& kind, const TrialToWrite& trial, Facts facts) {
        events.push_back({kind, "2026-01-15T09:30:00.000Z", case_name, trial.arm, trial.block, trial.trial,
                          trial.attempt, std::move(facts)});
        attempts.emplace(trial.block, trial.attempt);
    }

    [[nodiscard]] Result<Stats> analyzed(int look = 1) const {
        PASSBENCH_TRY(const SampleReader samples, SampleReader::open(folder.path()));
        return analyze({plan, samples, events, attempts, look});
    }

    static inline const std::string case_name = "copy/cpu?bytes=500";
    Plan plan;
    std::vector<Event> events;
    CountingAttempts attempts;
    TempFolder folder;
};

/// nullptr where there is none.
inline const Estimate* find_estimate(const Stats& stats, const std::string& metric, const std::string& arm,
                                     const std::string& reference = "") {
    for (const Estimate& estimate : stats.estimates) {
        if (estimate.metric == metric && estimate.arm == arm && estimate.reference.value_or("") == reference) {
            return &estimate;
        }
    }
    return nullptr;
}

inline std::string flag_text(const Estimate& estimate, const std::string& code) {
    for (const Flag& flag : estimate.flags) {
        if (flag.code == code) return flag.text;
    }
    return "";
}

}  // namespace passbench
