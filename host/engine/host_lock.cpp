#include "host/engine/host_lock.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/durable_files.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view lock_name = "host.lock";

Error lock_error(const fs::path& path, int error_number) {
    const bool is_denied = error_number == EACCES || error_number == EPERM || error_number == EROFS;
    return {.code = ErrorCode::io,
            .what = "cannot lock the host: " + std::generic_category().message(error_number),
            .where = path.string(),
            .fix = is_denied
                       ? "Run it as the user that this folder belongs to: who changed the host is who can put it back."
                       : "Check that the state folder lies on a local disk (PASSBENCH_STATE chooses another)."};
}

/// An open-file-description lock: as flock(2) it ends with the descriptor and excludes within one process too, but it can also be
/// asked about without being taken, so that `doctor` never gets in the way of a run.
struct flock whole_file() {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return range;
}

std::string read_holder(int descriptor) {
    std::array<char, 512> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string("another passbench");
}

/// Not through core/durable_files: the words serve people while the lock is held, and need not outlive a crash.
void write_holder(int descriptor, const std::string& holder) {
    if (::ftruncate(descriptor, 0) != 0) return;
    // A disk too full for these words is no reason to refuse the lock.
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, holder.data(), holder.size(), 0);
}

}  // namespace

Result<HostLock> HostLock::take(const fs::path& state_folder, const std::string& purpose) {
    PASSBENCH_CHECK(make_folder(state_folder));
    const fs::path path = state_folder / lock_name;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return fail(lock_error(path, errno));
    HostLock lock(descriptor);
    struct flock range = whole_file();
    if (::fcntl(descriptor, F_OFD_SETLK, &range) != 0) {
        if (errno != EAGAIN && errno != EACCES) return fail(lock_error(path, errno));
        return fail({.code = ErrorCode::busy,
                     .what = "this host is in use by " + read_holder(descriptor),
                     .where = path.string(),
                     .fix = "Wait until it has ended, then try again; one controller at a time changes a host."});
    }
    write_holder(descriptor, "process " + std::to_string(::getpid()) + ": " + purpose + ", since " + utc_now());
    return lock;
}

HostLock::HostLock(HostLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

HostLock& HostLock::operator=(HostLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

HostLock::~HostLock() {
    // Closing gives the lock back; the file stays, for removing it would let two processes hold "the" lock.
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> lock_holder(const fs::path& state_folder) {
    const fs::path path = state_folder / lock_name;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    std::optional<std::string> holder;
    struct flock range = whole_file();
    if (::fcntl(descriptor, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK) holder = read_holder(descriptor);
    ::close(descriptor);
    return holder;
}

}  // namespace passbench
