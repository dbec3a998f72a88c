// One small run with every key of every record filled: what tests, the schema check and the golden run are made from.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/run_directory.hpp"

namespace passbench::example {

/// Two arms, two cases (one gated), two blocks at one look, two trials.
[[nodiscard]] Plan plan();
/// The job of one block and arm of that plan, at two measured iterations a trial.
[[nodiscard]] JobRequest request(const Plan& plan, int block, int arm, int attempt = 0);
[[nodiscard]] Event trial_event(const JobRequest& request, const TrialRequest& trial, const std::string& kind);
/// What an agent leaves in `folder` for the request: a cold and a measure chunk for each trial, its events, one telemetry line.
[[nodiscard]] Result<void> write_job_output(const std::filesystem::path& folder, const JobRequest& request);

[[nodiscard]] Environment environment();
[[nodiscard]] HostFacts host();
[[nodiscard]] std::string steps_json();
[[nodiscard]] std::string journal_lines();
[[nodiscard]] RunStatus status();
[[nodiscard]] Stats stats();
[[nodiscard]] Verdict verdict();
/// `text` with the first `from` made `to`; throws where there is none, for then a test would plant nothing.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);
[[nodiscard]] Event event(const std::string& kind, int block = -1, int attempt = -1);

/// A whole, complete run under `parent`; `scratch` takes the agents' output folders.
[[nodiscard]] Result<RunDirectory> write_run(const std::filesystem::path& parent, const std::filesystem::path& scratch);

}  // namespace passbench::example
