// Keeps two processes from writing one run directory: a lock (flock) on the folder itself, on Windows a named object of the kernel's,
// which leaves nothing behind and ends with the process that holds it.
#pragma once

#include <cstdint>
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
    explicit RunLock(std::intptr_t native) : native_(native) {}
    static constexpr std::intptr_t none = -1;
    std::intptr_t native_ = none;  // a descriptor, on Windows a handle
};

}  // namespace passbench
