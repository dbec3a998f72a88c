// The output folder of a job, OUT/: scratch that the controller checks and takes over, so nothing here is synced. Events and
// telemetry are appended by the parent, samples by the trial's own process, and cut off again when that process fails.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/core/durable_files.hpp"
#include "harness/core/result.hpp"
#include "harness/records/events.hpp"
#include "harness/records/job_progress.hpp"
#include "harness/records/request.hpp"

namespace passbench {

/// Sizes of the files of samples, to go back to.
struct SamplesMark {
    std::uintmax_t bin_bytes = 0;
    std::uintmax_t index_bytes = 0;
};

class JobOutputFolder {
public:
    /// Makes the folder and its files where they are absent. Error `io`.
    [[nodiscard]] static Result<JobOutputFolder> open(const std::filesystem::path& folder);

    [[nodiscard]] Result<void> append(const Event& event);
    [[nodiscard]] Result<void> append_telemetry(const Event& line);
    /// Readers see the old status or the new one, never a half.
    [[nodiscard]] Result<void> write_status(const JobProgress& progress);
    /// The request for one trial alone, which its process reads; returns its path.
    [[nodiscard]] Result<std::filesystem::path> write_trial_request(const JobRequest& job, const TrialRequest& trial);
    void remove_trial_request() const;

    [[nodiscard]] Result<SamplesMark> mark() const;
    /// Nothing that was written since `mark` stays.
    [[nodiscard]] Result<void> cut_back(const SamplesMark& mark) const;

private:
    JobOutputFolder(std::filesystem::path folder, AppendFile events, AppendFile telemetry);

    std::filesystem::path folder_;
    AppendFile events_;
    AppendFile telemetry_;
};

}  // namespace passbench
