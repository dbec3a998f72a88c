// Reading request.json, the one thing the agent parses.
#pragma once

#include <filesystem>

#include "harness/core/result.hpp"
#include "harness/records/request.hpp"

namespace passbench {

/// Errors: `io` where it cannot be read, `bad_record` with the place in it, both with the file as `where`.
[[nodiscard]] Result<JobRequest> read_job_request(const std::filesystem::path& path);

}  // namespace passbench
