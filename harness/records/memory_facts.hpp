// The facts that a memory test adds to its trial_ended, from the agent that writes them to the stages that judge them.
#pragma once

#include <string_view>

namespace passbench::memory_fact {

inline constexpr std::string_view tested_bytes = "memory.tested_bytes";      // int
inline constexpr std::string_view resident_bytes = "memory.resident_bytes";  // int: of them, proved to be on the card
inline constexpr std::string_view total_bytes = "memory.total_bytes";        // int: that the card has
inline constexpr std::string_view coverage = "memory.coverage";              // double: resident / total
inline constexpr std::string_view unproved = "memory.unproved";              // text: why some are not proved, or absent
inline constexpr std::string_view stopped = "memory.stopped";  // text: why less was tested than asked for, or absent
inline constexpr std::string_view errors = "memory.errors";    // int: words that did not hold what was written
inline constexpr std::string_view error = "memory.error";      // text: memory.error.1 and so on, the first ones

}  // namespace passbench::memory_fact
