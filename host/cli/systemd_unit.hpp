// The unit of systemd that releases at boot. Internal to boot_task_posix.cpp and its test.
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/result.hpp"
#include "host/cli/boot_task.hpp"

namespace passbench {

/// Its text; no character of a path ends a word or is taken as a specifier (systemd.service(5), "COMMAND LINES").
[[nodiscard]] std::string unit_text(const BootTask& task);

/// Writes it into the folder of units and enables it, as `systemctl enable` does. The unit's path. Error `io`.
[[nodiscard]] Result<std::filesystem::path> install_unit(const std::filesystem::path& units, const BootTask& task);
/// Error `io`.
[[nodiscard]] Result<std::filesystem::path> remove_unit(const std::filesystem::path& units);

}  // namespace passbench
