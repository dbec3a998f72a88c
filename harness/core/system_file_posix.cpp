#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "harness/core/system_file.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

int descriptor_of(std::intptr_t native) { return static_cast<int>(native); }

int flags_of(FileUse use) {
    switch (use) {
        case FileUse::read:
            return O_RDONLY | O_NONBLOCK;  // a pipe without a writer must not stop us
        case FileUse::append:
            return O_WRONLY | O_APPEND;
        case FileUse::append_or_create:
            return O_WRONLY | O_APPEND | O_CREAT;
        case FileUse::rewrite:
        case FileUse::rewrite_private:
            return O_WRONLY | O_CREAT | O_TRUNC;
        case FileUse::rewrite_existing:
            return O_WRONLY | O_TRUNC;
        case FileUse::lock:
            return O_RDWR | O_CREAT | O_NOFOLLOW;
        case FileUse::lock_existing:
            return O_RDWR | O_NOFOLLOW;
    }
    return O_RDONLY;
}

FileTransfer transferred(ssize_t count) {
    return count < 0 ? FileTransfer{.error_number = errno} : FileTransfer{.bytes = count};
}

/// An open-file-description lock: as flock(2) it ends with the descriptor and excludes within one process too, but it can also be
/// asked about without being taken, so that `doctor` never gets in the way of a run.
struct flock whole_file() {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return range;
}

}  // namespace

int SystemFile::open(const fs::path& path, FileUse use) {
    native_ = ::open(path.c_str(), flags_of(use) | O_CLOEXEC, use == FileUse::rewrite_private ? 0600 : 0644);
    return is_open() ? 0 : errno;
}

void SystemFile::close() {
    if (is_open()) ::close(descriptor_of(std::exchange(native_, none)));
}

FileStatus SystemFile::status() const {
    struct stat status {};
    if (::fstat(descriptor_of(native_), &status) != 0) return {.error_number = errno};
    const FileKind kind = S_ISREG(status.st_mode)   ? FileKind::regular
                          : S_ISDIR(status.st_mode) ? FileKind::folder
                                                    : FileKind::other;
    return {.kind = kind, .size_bytes = status.st_size};
}

FileTransfer SystemFile::write(std::span<const std::byte> data) const {
    FileTransfer done;
    while (!data.empty()) {
        const ssize_t count = ::write(descriptor_of(native_), data.data(), data.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            done.error_number = errno;
            break;
        }
        done.bytes += count;
        data = data.subspan(static_cast<std::size_t>(count));
    }
    return done;
}

FileTransfer SystemFile::read(std::span<std::byte> into) const {
    while (true) {
        const FileTransfer done = transferred(::read(descriptor_of(native_), into.data(), into.size()));
        if (done.error_number != EINTR) return done;
    }
}

FileTransfer SystemFile::read_at(std::int64_t offset, std::span<std::byte> into) const {
    while (true) {
        const FileTransfer done = transferred(::pread(descriptor_of(native_), into.data(), into.size(), offset));
        if (done.error_number != EINTR) return done;
    }
}

int SystemFile::sync() const { return ::fsync(descriptor_of(native_)) == 0 || errno == EINVAL ? 0 : errno; }

int SystemFile::truncate(std::int64_t size_bytes) const {
    return ::ftruncate(descriptor_of(native_), size_bytes) == 0 ? 0 : errno;
}

int SystemFile::lock() const {
    struct flock range = whole_file();
    if (::fcntl(descriptor_of(native_), F_OFD_SETLK, &range) == 0) return 0;
    return errno == EACCES ? EAGAIN : errno;
}

bool SystemFile::is_locked() const {
    struct flock range = whole_file();
    return ::fcntl(descriptor_of(native_), F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

bool is_out_of_room(int error_number) { return error_number == ENOSPC || error_number == EDQUOT; }

int rename_entry(const fs::path& from, const fs::path& to) {
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

int remove_entry(const fs::path& path) { return ::unlink(path.c_str()) == 0 ? 0 : errno; }

int remove_tree(const fs::path& path) {
    std::error_code problem;
    fs::remove_all(path, problem);
    return problem.value();
}

int make_one_folder(const fs::path& path) { return ::mkdir(path.c_str(), 0755) == 0 ? 0 : errno; }

int sync_names(const fs::path& folder) {
    SystemFile opened;
    if (const int error_number = opened.open(folder, FileUse::read); error_number != 0) return error_number;
    return opened.sync();
}

bool is_writable_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored) && ::access(path.c_str(), W_OK | X_OK) == 0;
}

MadeFolder make_private_folder(const fs::path& parent, const std::string& name_begin) {
    std::string name = (parent / (name_begin + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) return {.error_number = errno};
    return {.path = name};
}

bool is_own_folder(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

}  // namespace passbench
