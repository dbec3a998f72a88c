// What files that must survive a crash, readers and locks ask of the operating system, in one form for Linux and Windows.
// Nothing here knows what a file is for; what fails is told as an errno, 0 where nothing did. Use durable_files for records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace passbench {

enum class FileUse {
    read,
    append,            // of an existing file
    append_or_create,  // what is there stays
    rewrite,           // made when absent, emptied otherwise
    rewrite_private,   // that, and for this user alone
    rewrite_existing,
    lock,  // read and written, made when absent; no link
    lock_existing,
};

enum class FileKind { regular, folder, other };

/// How much of what was asked for was done, and why not more.
struct FileTransfer {
    std::int64_t bytes = 0;
    int error_number = 0;
};

struct FileStatus {
    FileKind kind = FileKind::other;
    std::int64_t size_bytes = 0;
    int error_number = 0;
};

/// An open file; closed with its owner, in no child process.
class SystemFile {
public:
    SystemFile() = default;
    SystemFile(SystemFile&& other) noexcept : native_(std::exchange(other.native_, none)) {}
    SystemFile& operator=(SystemFile&& other) noexcept {
        std::swap(native_, other.native_);
        return *this;
    }
    SystemFile(const SystemFile&) = delete;
    SystemFile& operator=(const SystemFile&) = delete;
    ~SystemFile() { close(); }

    /// A folder, or a pipe without a writer, is opened for reading too: status() tells what it is. Once an object.
    [[nodiscard]] int open(const std::filesystem::path& path, FileUse use);
    [[nodiscard]] bool is_open() const { return native_ != none; }
    void close();
    [[nodiscard]] FileStatus status() const;

    /// All of it, at the file's position or, opened for appending, at its end.
    [[nodiscard]] FileTransfer write(std::span<const std::byte> data) const;
    /// Once, up to the size of `into`; 0 bytes at the end of the file.
    [[nodiscard]] FileTransfer read(std::span<std::byte> into) const;
    /// The same from this offset.
    [[nodiscard]] FileTransfer read_at(std::int64_t offset, std::span<std::byte> into) const;
    /// Returns when what was written is on the disk. What cannot be synced, such as /dev/full, need not be.
    [[nodiscard]] int sync() const;
    [[nodiscard]] int truncate(std::int64_t size_bytes) const;

    /// Takes a lock that ends with this object, and with the process however that ends; excludes within one process too. EAGAIN
    /// where somebody else holds it.
    [[nodiscard]] int lock() const;
    /// Whether somebody else holds it; asking takes it from nobody.
    [[nodiscard]] bool is_locked() const;

private:
    static constexpr std::intptr_t none = -1;
    std::intptr_t native_ = none;  // a descriptor, on Windows a handle
};

/// Whether a disk or a quota is full.
[[nodiscard]] bool is_out_of_room(int error_number);

/// An existing file is replaced, an existing folder is not.
[[nodiscard]] int rename_entry(const std::filesystem::path& from, const std::filesystem::path& to);
/// A file, not a folder.
[[nodiscard]] int remove_entry(const std::filesystem::path& path);
/// A folder with all that is in it; an absent one is removed already.
[[nodiscard]] int remove_tree(const std::filesystem::path& path);
/// Its parent must be there. EEXIST where it is there itself.
[[nodiscard]] int make_one_folder(const std::filesystem::path& path);
/// Returns when the names in the folder are on the disk.
[[nodiscard]] int sync_names(const std::filesystem::path& folder);
/// Whether this process may make files in that folder.
[[nodiscard]] bool is_writable_folder(const std::filesystem::path& path);

struct MadeFolder {
    std::filesystem::path path = {};
    int error_number = 0;
};
/// Makes a folder of a new name in `parent` that begins so, for this user alone.
[[nodiscard]] MadeFolder make_private_folder(const std::filesystem::path& parent, const std::string& name_begin);
/// Whether it is a folder, no link, and on Linux this user's: where others may make folders beside ours.
[[nodiscard]] bool is_own_folder(const std::filesystem::path& path);

}  // namespace passbench
