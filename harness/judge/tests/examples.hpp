// Small records that tests of this room judge: a plan of two arms, estimates with given intervals.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/judge/judge.hpp"

namespace passbench {

/// A change of arm dda against native; positive = worse.
inline Estimate change(double value, double lo, double hi, const std::string& case_name = "copy/cpu") {
    Estimate estimate;
    estimate.case_name = case_name;
    estimate.metric = "wall";
    estimate.kind = MetricKind::ratio;
    estimate.arm = "dda";
    estimate.reference = "native";
    estimate.blocks = 8;
    estimate.value = value;
    estimate.lo = lo;
    estimate.hi = hi;
    estimate.confidence = 0.984;
    estimate.method = "hodges_lehmann_paired";
    estimate.mde = 0.012;
    return estimate;
}

inline PlannedCase planned_case(const std::string& name, std::vector<Gate> gates) {
    PlannedCase planned;
    planned.name = name;
    planned.workload = "copy";
    planned.gates = std::move(gates);
    return planned;
}

/// What judge() reads, as one value.
struct ExampleRun {
    Plan plan;
    Stats stats;
    RunStatus status;
    std::map<std::string, Environment> environments;
    Policy policy;

    [[nodiscard]] Verdict judged() const { return judge({plan, stats, status, environments, policy}); }
};

/// native against dda, one case gated at 3 % with the given change.
inline ExampleRun example_run(const Estimate& estimate) {
    ExampleRun run;
    run.plan.scenario = "example";
    run.plan.factor = "passthrough";
    run.plan.arms = {"native", "dda"};
    run.plan.cases = {planned_case("copy/cpu", {{"wall", 0.03}})};
    run.stats.look = 1;
    run.stats.looks = 3;
    run.stats.estimates = {estimate};
    run.status.state = RunState::complete;
    return run;
}

}  // namespace passbench
