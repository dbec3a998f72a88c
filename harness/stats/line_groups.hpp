// Which cases a line goes through: those that differ in one parameter alone whose line the catalogue declares, and a case alone and
// beside each level of one load. Internal to this room.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/catalogue/workload.hpp"
#include "harness/records/plan.hpp"

namespace passbench {

/// Refers to the plan that it was made from.
struct LineGroup {
    std::string name;  // what the cases have in common; of a load the name of the case alone
    LineModel model;
    std::string parameter;  // bytes, nodes; load.cpu
    std::string metric;     // wall, or the metric of a tail (tails.hpp)
    std::string unit;       // of the parameter
    std::map<std::int64_t, const PlannedCase*> cases;
};

/// Groups of two cases and more, in the order of the plan; those of loads after the others, for each first the median and then the
/// tail.
[[nodiscard]] std::vector<LineGroup> line_groups(const Plan& plan);

}  // namespace passbench
