// Why a program cannot be started on this machine, in words that say what to do.
#pragma once

#include <string>

#include "harness/core/error.hpp"
#include "harness/core/result.hpp"

namespace passbench {

/// Looks before anything is started: absent, a folder, not executable. Error `agent_lost`.
[[nodiscard]] Result<void> check_startable(const std::string& path);

/// What execve(2)'s refusal, on Windows CreateProcess's, means for this file: built for another machine, no program at all, its loader missing.
[[nodiscard]] Error start_error(const std::string& path, int error_number);

}  // namespace passbench
