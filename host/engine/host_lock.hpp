// host.lock: an OS lock that is held while a lease is open, so that one controller alone changes a host. It ends with
// the process that holds it, however that ends; the file's content only says who.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/result.hpp"

namespace passbench {

class HostLock {
public:
    /// Takes the lock for `purpose` ("run first-look"). Error `busy` saying who holds it; never waits.
    [[nodiscard]] static Result<HostLock> take(const std::filesystem::path& state_folder, const std::string& purpose);
    HostLock(HostLock&& other) noexcept;
    HostLock& operator=(HostLock&& other) noexcept;
    HostLock(const HostLock&) = delete;
    HostLock& operator=(const HostLock&) = delete;
    ~HostLock();

private:
    explicit HostLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

/// Who holds the lock now ("process 4711: run first-look, since 2026-01-15T09:30:00.123Z"); nothing where it is free.
[[nodiscard]] std::optional<std::string> lock_holder(const std::filesystem::path& state_folder);

}  // namespace passbench
