#include "harness/core/durable_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace passbench {
namespace {

namespace fs = std::filesystem;

StoreObserver& observer() {
    static StoreObserver installed;
    return installed;
}

std::string_view verb_of(StoreOperation operation) {
    switch (operation) {
        case StoreOperation::create:
            return "create";
        case StoreOperation::write:
            return "write to";
        case StoreOperation::sync:
            return "sync";
        case StoreOperation::rename:
            return "put in place";
        case StoreOperation::truncate:
            return "cut back";
        case StoreOperation::remove:
            return "remove";
    }
    return "change";
}

std::string fix_of(int error_number) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            return "Free space on that disk, or choose a folder on another one.";
        case EROFS:
        case EACCES:
        case EPERM:
            return "Choose a folder that you may write to, or change its permissions.";
        case ENOENT:
        case ENOTDIR:
            return "Check the path: a folder on the way there is missing or is a file.";
        case EISDIR:
            return "Give the path of a file, not of a folder.";
        case EMFILE:
        case ENFILE:
            return "Too many files are open: raise the limit (ulimit -n), or end other programs.";
        default:
            return "Check the path and the disk's health, then try again.";
    }
}

Error io_error(std::string_view verb, const fs::path& path, int error_number) {
    return {.code = ErrorCode::io,
            .what = "cannot " + std::string(verb) + " " + path.filename().string() + ": " +
                    std::generic_category().message(error_number),
            .where = path.string(),
            .fix = fix_of(error_number)};
}

/// Runs `action`, which returns 0 or an errno, between the two calls of the observer. Its error names `meant`: the file that
/// was asked for, where `path` is one on the way to it.
template <typename Action>
Result<void> observed_for(const fs::path& meant, StoreOperation operation, const fs::path& path, Action&& action) {
    const StoreObserver& watch = observer();
    int error_number = watch ? watch(operation, path, false) : 0;
    if (error_number == 0) error_number = action();
    if (error_number == 0 && watch) error_number = watch(operation, path, true);
    if (error_number != 0) return fail(io_error(verb_of(operation), meant, error_number));
    return {};
}

template <typename Action>
Result<void> observed(StoreOperation operation, const fs::path& path, Action&& action) {
    return observed_for(path, operation, path, std::forward<Action>(action));
}

int write_all(int descriptor, std::span<const std::byte> data, std::int64_t& written) {
    while (!data.empty()) {
        const ssize_t count = ::write(descriptor, data.data(), data.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        written += count;
        data = data.subspan(static_cast<std::size_t>(count));
    }
    return 0;
}

int sync_descriptor(int descriptor) {
    // A device such as /dev/full cannot be synced, and need not be.
    return ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

/// New names in a folder survive a crash only when the folder itself is synced.
Result<void> sync_folder(const fs::path& folder) {
    return observed(StoreOperation::sync, folder, [&] {
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return errno;
        const int error_number = sync_descriptor(descriptor);
        ::close(descriptor);
        return error_number;
    });
}

/// Closes at the end of the scope.
class Descriptor {
public:
    Descriptor() = default;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    /// 0 or the errno of open(2).
    int open(const fs::path& path, int flags) {
        number_ = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
        return number_ < 0 ? errno : 0;
    }
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
    int number_ = -1;
};

/// The content on the disk under the name `fresh`, on its way to `meant`.
Result<void> write_new_file(const fs::path& fresh, const fs::path& meant, std::string_view content) {
    Descriptor file;
    PASSBENCH_CHECK(observed_for(meant, StoreOperation::create, fresh,
                                 [&] { return file.open(fresh, O_WRONLY | O_CREAT | O_TRUNC); }));
    PASSBENCH_CHECK(observed_for(meant, StoreOperation::write, fresh, [&] {
        std::int64_t written = 0;
        return write_all(file.get(), std::as_bytes(std::span(content.data(), content.size())), written);
    }));
    return observed_for(meant, StoreOperation::sync, fresh, [&] { return sync_descriptor(file.get()); });
}

}  // namespace

void set_store_observer(StoreObserver new_observer) { observer() = std::move(new_observer); }

AppendFile::AppendFile(fs::path path, int descriptor, std::int64_t size_bytes)
    : path_(std::move(path)), descriptor_(descriptor), size_bytes_(size_bytes) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_bytes_, other.size_bytes_);
    return *this;
}

AppendFile::~AppendFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<AppendFile> AppendFile::open(const fs::path& path) {
    constexpr int flags = O_WRONLY | O_APPEND;
    Descriptor file;
    const int error_number = file.open(path, flags);
    if (error_number == ENOENT) {
        PASSBENCH_CHECK(observed(StoreOperation::create, path, [&] { return file.open(path, flags | O_CREAT); }));
        PASSBENCH_CHECK(sync_folder(folder_of(path)));
    } else if (error_number != 0) {
        return fail(io_error("open", path, error_number));
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return fail(io_error("open", path, errno));
    return AppendFile(path, file.release(), status.st_size);
}

Result<void> AppendFile::append(std::span<const std::byte> data) {
    return observed(StoreOperation::write, path_, [&] { return write_all(descriptor_, data, size_bytes_); });
}

Result<void> AppendFile::append(std::string_view text) {
    return append(std::as_bytes(std::span(text.data(), text.size())));
}

Result<void> AppendFile::sync() {
    return observed(StoreOperation::sync, path_, [&] { return sync_descriptor(descriptor_); });
}

Result<void> AppendFile::truncate(std::int64_t size_bytes) {
    return observed(StoreOperation::truncate, path_, [&] {
        if (::ftruncate(descriptor_, size_bytes) != 0) return errno;
        size_bytes_ = size_bytes;
        return 0;
    });
}

Result<void> replace_file(const fs::path& path, std::string_view content) {
    fs::path fresh = path;
    fresh += ".new";
    auto placed = write_new_file(fresh, path, content);
    if (placed) {
        placed = observed(StoreOperation::rename, path,
                          [&] { return ::rename(fresh.c_str(), path.c_str()) == 0 ? 0 : errno; });
    }
    if (!placed) {
        // Scratch that nobody reads; where it cannot be removed either, the first error is the one to tell.
        (void)observed(StoreOperation::remove, fresh, [&] { return ::unlink(fresh.c_str()) == 0 ? 0 : errno; });
        return placed;
    }
    return sync_folder(folder_of(path));
}

Result<void> rename_path(const fs::path& from, const fs::path& to) {
    PASSBENCH_CHECK(
        observed(StoreOperation::rename, to, [&] { return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno; }));
    PASSBENCH_CHECK(sync_folder(folder_of(to)));
    return folder_of(from) == folder_of(to) ? Result<void>{} : sync_folder(folder_of(from));
}

Result<void> remove_file(const fs::path& path) {
    PASSBENCH_CHECK(observed(StoreOperation::remove, path,
                             [&] { return ::unlink(path.c_str()) == 0 || errno == ENOENT ? 0 : errno; }));
    return sync_folder(folder_of(path));
}

Result<void> remove_folder(const fs::path& path) {
    PASSBENCH_CHECK(observed(StoreOperation::remove, path, [&] {
        std::error_code problem;
        fs::remove_all(path, problem);
        return problem.value();
    }));
    return sync_folder(folder_of(path));
}

Result<void> make_folder(const fs::path& path) {
    std::vector<fs::path> missing;
    std::error_code ignored;
    for (fs::path folder = path.lexically_normal(); !folder.empty() && !fs::exists(folder, ignored);
         folder = folder.parent_path()) {
        if (folder.has_filename()) missing.push_back(folder);
    }
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
        PASSBENCH_CHECK(observed(StoreOperation::create, *folder,
                                 [&] { return ::mkdir(folder->c_str(), 0755) == 0 || errno == EEXIST ? 0 : errno; }));
        PASSBENCH_CHECK(sync_folder(folder_of(*folder)));
    }
    if (!fs::is_directory(path, ignored)) return fail(io_error("create folder", path, ENOTDIR));
    return {};
}

Result<std::string> read_file(const fs::path& path, std::int64_t limit_bytes) {
    Descriptor file;
    // O_NONBLOCK: a pipe without a writer must not stop us.
    if (const int error_number = file.open(path, O_RDONLY | O_NONBLOCK); error_number != 0) {
        return fail(io_error("read", path, error_number));
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return fail(io_error("read", path, errno));
    if (S_ISDIR(status.st_mode)) return fail(io_error("read", path, EISDIR));
    if (!S_ISREG(status.st_mode)) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot read " + path.filename().string() + ": it is not a regular file",
                     .where = path.string(),
                     .fix = "Give the path of an ordinary file."});
    }
    // Files of /proc and /sys say that they are empty: read to the end, not to the size.
    std::string content;
    constexpr std::size_t piece_bytes = 1 << 16;
    content.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(status.st_size, 0, limit_bytes)) + 1);
    while (std::cmp_less_equal(content.size(), limit_bytes)) {
        const std::size_t before = content.size();
        content.resize(before + piece_bytes);
        const ssize_t count = ::read(file.get(), content.data() + before, piece_bytes);
        content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(io_error("read", path, errno));
        if (count == 0) return content;
    }
    return fail({.code = ErrorCode::usage,
                 .what = path.filename().string() + " is larger than " + std::to_string(limit_bytes) + " bytes",
                 .where = path.string(),
                 .fix = "Check that this is the right file; files of this kind are smaller."});
}

}  // namespace passbench
