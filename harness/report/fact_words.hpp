// Facts as people read them: bytes and fractions in their units, text without what could steer a terminal. For this room and
// the command line.
#pragma once

#include <string>
#include <string_view>

#include "harness/records/facts.hpp"

namespace passbench {

/// The key tells the unit: "memory.total_bytes" is a size, "steal.fraction" a percentage.
[[nodiscard]] std::string shown(std::string_view key, const Fact& fact);

/// The fact of this key as shown, or `otherwise` where there is none.
[[nodiscard]] std::string shown_or(const Facts& facts, std::string_view key, std::string_view otherwise);

}  // namespace passbench
