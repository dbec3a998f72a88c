// A job: the trials of one block and arm, each in a process of its own, one after the other. This process starts, watches and
// records; it never touches CUDA or a kernel, so that no trial can hurt the next.
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/result.hpp"
#include "harness/records/request.hpp"

namespace passbench {

/// Runs the job into `out`. Done when every trial was tried, whatever became of it. Errors: `usage` for a request that cannot be
/// run, `io` where `out` cannot be written, `interrupted` when a signal asked to stop.
[[nodiscard]] Result<void> run_job(const JobRequest& job, const std::filesystem::path& out);

/// The exit code by which a trial's process says that `out` cannot be written.
inline constexpr int exit_output_failed = 4;

}  // namespace passbench
