// Memory tests as sentences, for the reports. Internal to this room.
#pragma once

#include <string>

#include "harness/records/stats.hpp"

namespace passbench {

/// Printable: "12.3 GiB tested, 84.0 % of the card proved; no error in 6 trials".
[[nodiscard]] std::string memory_sentence(const MemoryTest& test);

}  // namespace passbench
