// This very library, whatever else the process has loaded: its file, and the names that it exports.
#pragma once

#include <string>

namespace passbench::emulation {

/// The path that it was loaded by.
[[nodiscard]] const char* own_file();

/// Null where the library exports no such name.
[[nodiscard]] const void* own_symbol(const std::string& name);

}  // namespace passbench::emulation
