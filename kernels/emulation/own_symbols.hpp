// Looks a name up among what this very library exports, whatever else the process has loaded.
#pragma once

#include <string>

namespace passbench::emulation {

/// Null where the library exports no such name.
[[nodiscard]] const void* own_symbol(const std::string& name);

}  // namespace passbench::emulation
