// Keeps two processes from writing one run directory: a lock (flock) on the folder itself, which leaves nothing behind and ends
// with the process that holds it.
#pragma once

#include <filesystem>

#include "harness/core/result.hpp"

namespace passbench {

class RunLock {
public:
    /// Error `busy` where another process measures into this run; never waits. A file system without locks grants it.
    [[nodiscard]] static Result<RunLock> take(const std::filesystem::path& run);
    RunLock(RunLock&& other) noexcept;
    RunLock& operator=(RunLock&& other) noexcept;
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    ~RunLock();

private:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace passbench
