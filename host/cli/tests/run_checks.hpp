// What must hold of a run directory after whatever happened to the process that wrote it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace passbench {

/// What is wrong with a run that should be complete: a planned (case, arm, block, trial) that is not there exactly once, with
/// all its iterations, in the attempt that counts; a file that does not fit the manifest. Empty where all is well. For plans
/// whose looks were all measured whole.
[[nodiscard]] std::vector<std::string> faults_of(const std::filesystem::path& run);

/// The measured files of a run as they are now: name -> content; a torn last line of a file of lines is left out.
using Snapshot = std::map<std::string, std::string>;
[[nodiscard]] Snapshot snapshot_of(const std::filesystem::path& run);

/// The files of `before` of which something is no longer there: append-only files must go on from what they held,
/// scenario, plan, host and environment must be the same.
[[nodiscard]] std::vector<std::string> changed_since(const Snapshot& before, const Snapshot& now);

}  // namespace passbench
