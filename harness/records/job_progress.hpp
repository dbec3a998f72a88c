// How far an agent is with its job: status.json of its output folder, for the progress bar alone. Replaced as the job goes on,
// never synced, and gone with the folder: nothing is judged by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

enum class JobState { running, complete, interrupted, failed };
[[nodiscard]] std::string_view to_string(JobState state);

struct JobProgress {
    std::size_t done = 0;  // trials that are over
    std::size_t total = 0;
    std::string case_name = {};  // the one in work, "" when none is
    JobState state = JobState::running;
};

[[nodiscard]] std::string to_json(const JobProgress& progress);
/// Error `bad_record` with the place inside the document.
[[nodiscard]] Result<JobProgress> job_progress_from_json(std::string_view text);

}  // namespace passbench
