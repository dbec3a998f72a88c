// The cases of a plan as a table shows them: by workload, each named by the parameters in which cases of one form differ.
// Internal to this room; refers to the plan it was made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/records/plan.hpp"

namespace passbench {

struct LabelledCase {
    const PlannedCase* planned;
    std::string label;  // "op=triad stores=plain"; the form where nothing differs
};

struct CaseGroup {
    std::string workload;
    std::string title;  // from the catalogue; "" where it does not know the workload
    std::string
        fixed;  // what all have in common, then what all of a form have: "bytes=64 MiB; cpu: isa=best; cuda: cache=hot"
    std::vector<LabelledCase> cases;
};

/// In the order in which the plan names the workloads first. All text is printable.
[[nodiscard]] std::vector<CaseGroup> group_cases(const Plan& plan);

/// "stream: Memory bandwidth (cpu, threads=all)"
[[nodiscard]] std::string heading_of(const CaseGroup& group);
/// "first-look: What this machine can do"
[[nodiscard]] std::string heading_of(const Plan& plan);

}  // namespace passbench
