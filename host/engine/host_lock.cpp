#include "host/engine/host_lock.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/durable_files.hpp"
#include "harness/core/this_process.hpp"

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

std::string read_holder(const SystemFile& file) {
    std::array<char, 512> text{};
    const FileTransfer read = file.read_at(0, std::as_writable_bytes(std::span(text)));
    return read.bytes > 0 ? std::string(text.data(), static_cast<std::size_t>(read.bytes)) : "another passbench";
}

/// Not through core/durable_files: the words serve people while the lock is held, and need not outlive a crash.
void write_holder(const SystemFile& file, const std::string& holder) {
    if (file.truncate(0) != 0) return;
    // A disk too full for these words is no reason to refuse the lock.
    static_cast<void>(file.write(std::as_bytes(std::span(holder.data(), holder.size()))));
}

}  // namespace

Result<HostLock> HostLock::take(const fs::path& state_folder, const std::string& purpose) {
    PASSBENCH_CHECK(make_folder(state_folder));
    const fs::path path = state_folder / lock_name;
    SystemFile file;
    if (const int error_number = file.open(path, FileUse::lock); error_number != 0) {
        return fail(lock_error(path, error_number));
    }
    if (const int error_number = file.lock(); error_number != 0) {
        if (error_number != EAGAIN) return fail(lock_error(path, error_number));
        return fail({.code = ErrorCode::busy,
                     .what = "this host is in use by " + read_holder(file),
                     .where = path.string(),
                     .fix = "Wait until it has ended, then try again; one controller at a time changes a host."});
    }
    write_holder(file, "process " + std::to_string(process_number()) + ": " + purpose + ", since " + utc_now());
    return HostLock(std::move(file));
}

std::optional<std::string> lock_holder(const fs::path& state_folder) {
    SystemFile file;
    if (file.open(state_folder / lock_name, FileUse::read) != 0 || !file.is_locked()) return std::nullopt;
    return read_holder(file);
}

}  // namespace passbench
