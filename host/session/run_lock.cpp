#include "host/session/run_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace passbench {

Result<RunLock> RunLock::take(const std::filesystem::path& run) {
    RunLock lock(open(run.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.descriptor_ < 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot open the run directory: " + std::generic_category().message(errno),
                     .where = run.string(),
                     .fix = "Check that it is there and that you may read it."});
    }
    if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return fail({.code = ErrorCode::busy,
                     .what = "another passbench is measuring into this run",
                     .where = run.string(),
                     .fix = "Wait until it has ended, or stop it with Ctrl-C; then resume the run."});
    }
    return lock;
}

RunLock::RunLock(RunLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

RunLock::~RunLock() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

}  // namespace passbench
