// Where the wall time of a case goes: the estimates of its parts (Workload::parts) beside that of the whole, with what the trials
// said of the clocks that they were read from. Internal to this room.
#pragma once

#include <optional>

#include "harness/stats/arm_series.hpp"

namespace passbench {

/// A part under so many ticks of its clock is not told apart from nothing.
inline constexpr double ticks_of_a_part = 3;

/// Nothing where the workload has no parts, or this arm no values of them and no reason why.
[[nodiscard]] std::optional<WallParts> wall_parts(const PlannedCase& planned, const Workload& workload,
                                                  const ArmSeries& series, double confidence);

}  // namespace passbench
