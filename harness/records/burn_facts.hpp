// The facts that a burn adds to its trial_ended.
#pragma once

#include <string_view>

namespace passbench::burn_fact {

inline constexpr std::string_view seconds = "burn.seconds";  // double: how long it went on
inline constexpr std::string_view pieces = "burn.pieces";    // int: kernels, or iterations, each of them checked
inline constexpr std::string_view drift = "burn.drift";      // double: rate of the last tenth / that of the first
inline constexpr std::string_view first_clock = "burn.clock_first_hz";  // int: of the SMs in the first tenth
inline constexpr std::string_view last_clock = "burn.clock_last_hz";    // int: in the last one

}  // namespace passbench::burn_fact
