// The facts of a trial about the parts of its wall time (Workload::parts): named here for those who measure them and know of no
// other record.
#pragma once

#include <string>
#include <string_view>

namespace passbench::trial_fact {

inline constexpr std::string_view parts_why = "parts.why";  // text: why the wall time was not told apart into its parts

/// double, of a part per operation: the tick of the clock that it is read from: "part.run.tick_ns".
[[nodiscard]] inline std::string part_tick_ns(std::string_view part) {
    return "part." + std::string(part) + ".tick_ns";
}
/// double, the same: the error bound of comparing the clocks of host and device; absent where the part does not lie between them.
[[nodiscard]] inline std::string part_error_ns(std::string_view part) {
    return "part." + std::string(part) + ".error_ns";
}

}  // namespace passbench::trial_fact
