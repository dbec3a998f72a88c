// `passbench release` at each start of the machine, by the system's own means: what a power cut left changed is given back before
// anybody measures again, without a person.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/result.hpp"

namespace passbench {

/// The program that is started, and the folder of PASSBENCH_STATE where this process was given one.
struct BootTask {
    std::filesystem::path program;
    std::optional<std::string> state_folder;
};

/// A unit of systemd, a task of the Task Scheduler that runs as the system; an earlier one is replaced. Returns what was made, as a person
/// finds it. Errors: `unsupported` where the system has no such means, `io` where it refuses.
[[nodiscard]] Result<std::string> install_boot_task(const BootTask& task);
/// Returns what was removed; nothing is an error where there was none.
[[nodiscard]] Result<std::string> remove_boot_task();

}  // namespace passbench
