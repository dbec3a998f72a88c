// What two runs can be compared on: one identity (R14.4), the arms and cases of the same name, one version of each workload.
// Internal to this room.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/compare.hpp"

namespace passbench {

struct CommonGround {
    std::vector<std::string> arms;
    std::vector<const PlannedCase*> cases;  // of the left plan
    std::vector<std::string> only_left;     // case names
    std::vector<std::string> only_right;
};

/// Errors as compare_runs: `precondition` naming the identity keys that differ, `usage` where nothing is shared.
[[nodiscard]] Result<CommonGround> common_ground(const RunToCompare& left, const RunToCompare& right);

/// The differences of one part of the fingerprint in these arms; keys carry the arm where there is more than one.
[[nodiscard]] std::vector<FactDifference> differences_of(const RunToCompare& left, const RunToCompare& right,
                                                         const std::vector<std::string>& arms,
                                                         Facts Environment::*part);

}  // namespace passbench
