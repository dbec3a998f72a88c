#include "harness/core/durable_files.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
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
    if (is_out_of_room(error_number)) return "Free space on that disk, or choose a folder on another one.";
    switch (error_number) {
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

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

/// New names in a folder survive a crash only when the folder itself is synced.
Result<void> sync_folder(const fs::path& folder) {
    return observed(StoreOperation::sync, folder, [&] { return sync_names(folder); });
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// The content on the disk under the name `fresh`, on its way to `meant`.
Result<void> write_new_file(const fs::path& fresh, const fs::path& meant, std::string_view content) {
    SystemFile file;
    PASSBENCH_CHECK(
        observed_for(meant, StoreOperation::create, fresh, [&] { return file.open(fresh, FileUse::rewrite); }));
    PASSBENCH_CHECK(
        observed_for(meant, StoreOperation::write, fresh, [&] { return file.write(bytes_of(content)).error_number; }));
    return observed_for(meant, StoreOperation::sync, fresh, [&] { return file.sync(); });
}

}  // namespace

void set_store_observer(StoreObserver new_observer) { observer() = std::move(new_observer); }

AppendFile::AppendFile(fs::path path, SystemFile file, std::int64_t size_bytes)
    : path_(std::move(path)), file_(std::move(file)), size_bytes_(size_bytes) {}

Result<AppendFile> AppendFile::open(const fs::path& path) {
    SystemFile file;
    const int error_number = file.open(path, FileUse::append);
    if (error_number == ENOENT) {
        PASSBENCH_CHECK(
            observed(StoreOperation::create, path, [&] { return file.open(path, FileUse::append_or_create); }));
        PASSBENCH_CHECK(sync_folder(folder_of(path)));
    } else if (error_number != 0) {
        return fail(io_error("open", path, error_number));
    }
    const FileStatus status = file.status();
    if (status.error_number != 0) return fail(io_error("open", path, status.error_number));
    return AppendFile(path, std::move(file), status.size_bytes);
}

Result<void> AppendFile::append(std::span<const std::byte> data) {
    return observed(StoreOperation::write, path_, [&] {
        const FileTransfer written = file_.write(data);
        size_bytes_ += written.bytes;
        return written.error_number;
    });
}

Result<void> AppendFile::append(std::string_view text) { return append(bytes_of(text)); }

Result<void> AppendFile::sync() {
    return observed(StoreOperation::sync, path_, [&] { return file_.sync(); });
}

Result<void> AppendFile::truncate(std::int64_t size_bytes) {
    return observed(StoreOperation::truncate, path_, [&] {
        const int error_number = file_.truncate(size_bytes);
        if (error_number == 0) size_bytes_ = size_bytes;
        return error_number;
    });
}

Result<void> replace_file(const fs::path& path, std::string_view content) {
    fs::path fresh = path;
    fresh += ".new";
    auto placed = write_new_file(fresh, path, content);
    if (placed) {
        placed = observed(StoreOperation::rename, path, [&] { return rename_entry(fresh, path); });
    }
    if (!placed) {
        // Scratch that nobody reads; where it cannot be removed either, the first error is the one to tell.
        (void)observed(StoreOperation::remove, fresh, [&] { return remove_entry(fresh); });
        return placed;
    }
    return sync_folder(folder_of(path));
}

Result<void> rename_path(const fs::path& from, const fs::path& to) {
    PASSBENCH_CHECK(observed(StoreOperation::rename, to, [&] { return rename_entry(from, to); }));
    PASSBENCH_CHECK(sync_folder(folder_of(to)));
    return folder_of(from) == folder_of(to) ? Result<void>{} : sync_folder(folder_of(from));
}

Result<void> remove_file(const fs::path& path) {
    PASSBENCH_CHECK(observed(StoreOperation::remove, path, [&] {
        const int error_number = remove_entry(path);
        return error_number == ENOENT ? 0 : error_number;
    }));
    return sync_folder(folder_of(path));
}

Result<void> remove_folder(const fs::path& path) {
    PASSBENCH_CHECK(observed(StoreOperation::remove, path, [&] { return remove_tree(path); }));
    return sync_folder(folder_of(path));
}

Result<void> make_folder(const fs::path& path) {
    std::vector<fs::path> missing;
    std::error_code ignored;
    // Of a drive that is not there nothing can be made.
    for (fs::path folder = path.lexically_normal(); folder.has_relative_path() && !fs::exists(folder, ignored);
         folder = folder.parent_path()) {
        if (folder.has_filename()) missing.push_back(folder);
    }
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
        PASSBENCH_CHECK(observed(StoreOperation::create, *folder, [&] {
            const int error_number = make_one_folder(*folder);
            return error_number == EEXIST ? 0 : error_number;
        }));
        PASSBENCH_CHECK(sync_folder(folder_of(*folder)));
    }
    if (!fs::is_directory(path, ignored)) return fail(io_error("create folder", path, ENOTDIR));
    return {};
}

Result<std::string> read_file(const fs::path& path, std::int64_t limit_bytes) {
    SystemFile file;
    if (const int error_number = file.open(path, FileUse::read); error_number != 0) {
        return fail(io_error("read", path, error_number));
    }
    const FileStatus status = file.status();
    if (status.error_number != 0) return fail(io_error("read", path, status.error_number));
    if (status.kind == FileKind::folder) return fail(io_error("read", path, EISDIR));
    if (status.kind != FileKind::regular) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot read " + path.filename().string() + ": it is not a regular file",
                     .where = path.string(),
                     .fix = "Give the path of an ordinary file."});
    }
    // Files of /proc and /sys say that they are empty: read to the end, not to the size.
    std::string content;
    constexpr std::size_t piece_bytes = 1 << 16;
    content.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(status.size_bytes, 0, limit_bytes)) + 1);
    while (std::cmp_less_equal(content.size(), limit_bytes)) {
        const std::size_t before = content.size();
        content.resize(before + piece_bytes);
        const FileTransfer read = file.read(std::as_writable_bytes(std::span(content.data() + before, piece_bytes)));
        content.resize(before + static_cast<std::size_t>(read.bytes));
        if (read.error_number != 0) return fail(io_error("read", path, read.error_number));
        if (read.bytes == 0) return content;
    }
    return fail({.code = ErrorCode::usage,
                 .what = path.filename().string() + " is larger than " + std::to_string(limit_bytes) + " bytes",
                 .where = path.string(),
                 .fix = "Check that this is the right file; files of this kind are smaller."});
}

}  // namespace passbench
