// What can be set of the cards of a machine, by the names that the agent's survey, the steps of a lease and lab.toml share: a card
// is the resource "gpu/UUID", and its property "clocks" is gpu_clocks in lab.toml and on the agent's command line.
#pragma once

#include <string>
#include <string_view>

namespace passbench::card_property {

inline constexpr std::string_view resource_begin = "gpu/";
inline constexpr std::string_view prepare_begin = "gpu_";

inline constexpr std::string_view clocks = "clocks";  // "1230 MHz", or `unlocked`
inline constexpr std::string_view available_clocks =
    "available_clocks";  // "300 315 330", in MHz; absent where NVML does not tell
inline constexpr std::string_view persistence = "persistence";  // "on", "off"

inline constexpr std::string_view unlocked = "unlocked";

/// Instead of cards, where there are none that can be set: the resource, and its facts.
inline constexpr std::string_view no_cards = "gpu";
inline constexpr std::string_view why = "why";
inline constexpr std::string_view fix = "fix";
inline constexpr std::string_view code = "code";  // an ErrorCode by its name

/// Below /, where the agent notes which clock it locked of each card. Emptied by a restart, which gives back the clocks too.
inline constexpr std::string_view notes_folder = "run/passbench/gpu_clocks";

/// The variable that names the file in which the stand-in NVML keeps what was set of its card. Without it that ends with the process.
inline constexpr const char* simulated_state_variable = "PASSBENCH_NVML_STATE";

}  // namespace passbench::card_property
