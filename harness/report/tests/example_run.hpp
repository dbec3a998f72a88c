// A run as the reports see it, made by hand so that its texts stay the same: two arms, four workloads, one gate of each word
// that matters, a skipped case, flags and limits.
#pragma once

#include <map>
#include <string>

#include "harness/report/report.hpp"

namespace passbench {

struct ExampleReport {
    Plan plan;
    Stats stats;
    Verdict verdict;
    RunStatus status;
    std::map<std::string, Environment> environments;

    [[nodiscard]] Reported reported() const {
        return {"results/runs/20260115T093000Z-example-1a2b3c", plan, stats, verdict, status, environments};
    }
};

/// dda against native with gates; judged by judge().
[[nodiscard]] ExampleReport gated_example();
/// One arm, nothing gated, on a simulated device.
[[nodiscard]] ExampleReport simulated_example();
/// Every text that may come from outside holds what must not get through: control characters, markup, formulas, and lengths
/// that no table has room for.
[[nodiscard]] ExampleReport hostile_example();
[[nodiscard]] Comparison example_comparison();

}  // namespace passbench
