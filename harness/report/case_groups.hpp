// The cases of a plan as a table shows them: by workload, each named by the parameters in which cases of one form differ.
// Internal to this room; refers to the plan it was made from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/records/plan.hpp"

namespace passbench {

struct LabelledCase {
    const PlannedCase* planned;
    std::string label;  // "op=triad stores=plain"; the form where nothing differs
    std::vector<std::pair<std::string, std::string>> differing = {};  // names and texts that the label is made of
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

/// What the cases are called that differ in this parameter alone: "copy cuda direction=h2d", by the name that they have in common
/// (Fit::cases).
[[nodiscard]] std::map<std::string, std::string> line_labels(const Plan& plan);

/// "4 KiB" of a parameter in bytes, else the number. `case_name` may be part of one; its workload tells.
[[nodiscard]] std::string parameter_text(std::string_view case_name, std::string_view parameter, std::int64_t value);

/// "stream: Memory bandwidth (cpu, threads=all)"
[[nodiscard]] std::string heading_of(const CaseGroup& group);
/// "first-look: What this machine can do"
[[nodiscard]] std::string heading_of(const Plan& plan);

}  // namespace passbench
