// host.lock: an OS lock that is held while a lease is open, so that one controller alone changes a host. It ends with
// the process that holds it, however that ends; the file's content only says who.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "harness/core/result.hpp"
#include "harness/core/system_file.hpp"

namespace passbench {

class HostLock {
public:
    /// Takes the lock for `purpose` ("run first-look"). Error `busy` saying who holds it; never waits.
    [[nodiscard]] static Result<HostLock> take(const std::filesystem::path& state_folder, const std::string& purpose);

private:
    explicit HostLock(SystemFile file) : file_(std::move(file)) {}
    // Closing gives the lock back; the file stays, for removing it would let two processes hold "the" lock.
    SystemFile file_;
};

/// Who holds the lock now ("process 4711: run first-look, since 2026-01-15T09:30:00.123Z"); nothing where it is free.
[[nodiscard]] std::optional<std::string> lock_holder(const std::filesystem::path& state_folder);

}  // namespace passbench
