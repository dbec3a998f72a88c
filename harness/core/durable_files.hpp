// The only way by which passbench changes files that must survive a crash: append, sync, replace whole. Every change goes
// through one observer, so that a test can stop the process at each of them (the kill tests) or make the disk full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/core/system_file.hpp"

namespace passbench {

enum class StoreOperation { create, write, sync, rename, truncate, remove };

/// Called before each operation with its path; a non-zero errno makes the operation fail with it. For tests only: set once,
/// before any thread starts. `after` = false before the operation, true after it.
using StoreObserver = std::function<int(StoreOperation operation, const std::filesystem::path& path, bool after)>;
void set_store_observer(StoreObserver observer);

/// A file that only grows. Movable; closes on destruction without syncing.
class AppendFile {
public:
    /// Opens for appending, made when absent (the folder is synced then). Error `io` with the system's words.
    [[nodiscard]] static Result<AppendFile> open(const std::filesystem::path& path);
    /// Appends all of `data`. Error `io` (disk full, read-only), the part that was written stays.
    [[nodiscard]] Result<void> append(std::span<const std::byte> data);
    [[nodiscard]] Result<void> append(std::string_view text);
    /// Returns when everything appended is on the disk.
    [[nodiscard]] Result<void> sync();
    /// Cuts the file back to `size_bytes`; used for a torn tail alone.
    [[nodiscard]] Result<void> truncate(std::int64_t size_bytes);
    [[nodiscard]] std::int64_t size_bytes() const { return size_bytes_; }

private:
    AppendFile(std::filesystem::path path, SystemFile file, std::int64_t size_bytes);

    std::filesystem::path path_;
    SystemFile file_;
    std::int64_t size_bytes_ = 0;
};

/// Writes the whole file beside `path`, syncs it, renames it over `path` and syncs the folder: readers see the old or the
/// new content, never a half.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path, std::string_view content);

/// Renames a file or folder and syncs the folders of both names; an existing file is replaced, an existing folder is not.
[[nodiscard]] Result<void> rename_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes the file and syncs its folder; an absent one is removed already. Error `io`.
[[nodiscard]] Result<void> remove_file(const std::filesystem::path& path);

/// Removes the folder with all that is in it; an absent one is removed already. Error `io`.
[[nodiscard]] Result<void> remove_folder(const std::filesystem::path& path);

/// Makes the folder and its parents. Error `io`.
[[nodiscard]] Result<void> make_folder(const std::filesystem::path& path);

/// The file's whole content. Error `io` if it cannot be read or is a folder, `usage` if larger than `limit_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::int64_t limit_bytes);

}  // namespace passbench
