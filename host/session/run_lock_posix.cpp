#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "host/session/run_lock.hpp"

namespace passbench {

Result<RunLock> RunLock::take(const std::filesystem::path& run) {
    const int descriptor = open(run.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    RunLock lock(descriptor);
    if (descriptor < 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot open the run directory: " + std::generic_category().message(errno),
                     .where = run.string(),
                     .fix = "Check that it is there and that you may read it."});
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return fail({.code = ErrorCode::busy,
                     .what = "another passbench is measuring into this run",
                     .where = run.string(),
                     .fix = "Wait until it has ended, or stop it with Ctrl-C; then resume the run."});
    }
    return lock;
}

RunLock::RunLock(RunLock&& other) noexcept : native_(std::exchange(other.native_, none)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
    std::swap(native_, other.native_);
    return *this;
}

RunLock::~RunLock() {
    if (native_ != none) {
        close(static_cast<int>(native_));
    }
}

}  // namespace passbench
