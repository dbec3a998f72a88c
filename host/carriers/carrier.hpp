// How files and commands reach a guest. Nothing is ever parsed from a command's output, so login noise is harmless.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

struct ExecResult {
    int exit_code = 0;   // 128 + signal where a signal ended it
    std::string output;  // stdout and stderr together, the last 64 KiB
};

/// Called a few times a second while a command runs, never more; returning false cancels it (its process group is ended).
using ExecWatch = std::function<bool()>;

class Carrier {
public:
    virtual ~Carrier() = default;

    /// Makes a folder in the guest, empty, for one job; returns its path there.
    [[nodiscard]] virtual Result<std::string> make_job_folder(const std::string& name) = 0;
    /// Brings a file to `guest_path`. Files go by content hash, once.
    [[nodiscard]] virtual Result<void> put(const std::filesystem::path& file, const std::string& guest_path) = 0;
    /// Runs argv[0] with arguments, no shell. Errors: `agent_lost` where it cannot be started (what, and what to do), `timeout`
    /// past the deadline, `interrupted` where the watch cancelled it. A non-zero exit is a result, not an error.
    [[nodiscard]] virtual Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                                  const ExecWatch& watch) = 0;
    /// Brings a folder's files here.
    [[nodiscard]] virtual Result<void> get(const std::string& guest_folder, const std::filesystem::path& folder) = 0;
    /// True for the child-process carrier alone: its job folder may be read while the job runs.
    [[nodiscard]] virtual bool shares_files() const = 0;
};

}  // namespace passbench
