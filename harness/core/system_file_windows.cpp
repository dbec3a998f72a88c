#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <windows.h>

#include "harness/core/system_file.hpp"
#include "harness/core/windows_error.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

HANDLE handle_of(std::intptr_t native) { return reinterpret_cast<HANDLE>(native); }

int last_errno() { return errno_of_windows(::GetLastError()); }

constexpr DWORD shared_with_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

// Behind every file's end: locks of Windows keep others from reading what is locked, and who holds one is to be read.
constexpr std::int64_t lock_offset = std::int64_t{1} << 62;

OVERLAPPED at(std::int64_t offset) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset & 0xFFFFFFFF);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return place;
}

struct Opening {
    DWORD access;
    DWORD creation;
};

Opening opening_of(FileUse use) {
    switch (use) {
        case FileUse::read:
            return {.access = GENERIC_READ, .creation = OPEN_EXISTING};
        case FileUse::append:
            return {.access = FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, .creation = OPEN_EXISTING};
        case FileUse::append_or_create:
            return {.access = FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, .creation = OPEN_ALWAYS};
        case FileUse::rewrite:
        case FileUse::rewrite_private:  // by the lists of the folder, as everywhere on Windows
            return {.access = GENERIC_WRITE, .creation = CREATE_ALWAYS};
        case FileUse::rewrite_existing:
            return {.access = GENERIC_WRITE, .creation = TRUNCATE_EXISTING};
        case FileUse::lock:
            return {.access = GENERIC_READ | GENERIC_WRITE, .creation = OPEN_ALWAYS};
        case FileUse::lock_existing:
            return {.access = GENERIC_READ | GENERIC_WRITE, .creation = OPEN_EXISTING};
    }
    return {.access = GENERIC_READ, .creation = OPEN_EXISTING};
}

/// A handle that is closed at the end of the scope.
class Handle {
public:
    explicit Handle(HANDLE handle) : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (is_valid()) ::CloseHandle(handle_);
    }
    [[nodiscard]] bool is_valid() const { return handle_ != INVALID_HANDLE_VALUE; }
    [[nodiscard]] HANDLE get() const { return handle_; }

private:
    HANDLE handle_;
};

/// Virus scanners and indexers open new files for a moment, and Windows then refuses to move or remove them.
template <typename Action>
int patiently(Action&& action) {
    constexpr int tries = 20;
    constexpr DWORD pause_ms = 10;
    for (int left = tries;; --left) {
        if (action()) return 0;
        const DWORD error = ::GetLastError();
        const bool may_pass = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
        if (!may_pass || left == 1) return errno_of_windows(error);
        ::Sleep(pause_ms);
    }
}

bool try_lock(HANDLE file, DWORD flags) {
    OVERLAPPED place = at(lock_offset);
    return ::LockFileEx(file, LOCKFILE_FAIL_IMMEDIATELY | flags, 0, 1, 0, &place) != 0;
}

/// Where a folder is missing Windows does not say that a file is in its place.
bool is_below_a_file(const fs::path& path) {
    const fs::path parent = path.parent_path();
    const DWORD attributes = ::GetFileAttributesW(wide_path(parent).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

}  // namespace

int SystemFile::open(const fs::path& path, FileUse use) {
    const Opening opening = opening_of(use);
    // Without backup semantics no folder is opened at all, and none is told from what may not be read.
    const DWORD flags = use == FileUse::read ? FILE_FLAG_BACKUP_SEMANTICS : FILE_ATTRIBUTE_NORMAL;
    native_ = reinterpret_cast<std::intptr_t>(::CreateFileW(wide_path(path).c_str(), opening.access, shared_with_all,
                                                            nullptr, opening.creation, flags, nullptr));
    return is_open() ? 0 : last_errno();
}

void SystemFile::close() {
    if (is_open()) ::CloseHandle(handle_of(std::exchange(native_, none)));
}

FileStatus SystemFile::status() const {
    if (::GetFileType(handle_of(native_)) != FILE_TYPE_DISK) return {.kind = FileKind::other};
    BY_HANDLE_FILE_INFORMATION information{};
    if (::GetFileInformationByHandle(handle_of(native_), &information) == 0) return {.error_number = last_errno()};
    const bool is_folder = (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const auto size = (static_cast<std::uint64_t>(information.nFileSizeHigh) << 32U) | information.nFileSizeLow;
    return {.kind = is_folder ? FileKind::folder : FileKind::regular, .size_bytes = static_cast<std::int64_t>(size)};
}

FileTransfer SystemFile::write(std::span<const std::byte> data) const {
    constexpr std::size_t most_bytes_at_once = std::size_t{1} << 30;
    FileTransfer done;
    while (!data.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min(data.size(), most_bytes_at_once));
        const bool is_ok = ::WriteFile(handle_of(native_), data.data(), wanted, &count, nullptr) != 0;
        done.bytes += count;
        if (!is_ok || count == 0) {
            done.error_number = is_ok ? ENOSPC : last_errno();
            break;
        }
        data = data.subspan(count);
    }
    return done;
}

FileTransfer SystemFile::read(std::span<std::byte> into) const {
    DWORD count = 0;
    const auto wanted = static_cast<DWORD>(std::min<std::size_t>(into.size(), std::numeric_limits<int>::max()));
    if (::ReadFile(handle_of(native_), into.data(), wanted, &count, nullptr) == 0)
        return {.error_number = last_errno()};
    return {.bytes = count};
}

FileTransfer SystemFile::read_at(std::int64_t offset, std::span<std::byte> into) const {
    DWORD count = 0;
    OVERLAPPED place = at(offset);
    const auto wanted = static_cast<DWORD>(std::min<std::size_t>(into.size(), std::numeric_limits<int>::max()));
    if (::ReadFile(handle_of(native_), into.data(), wanted, &count, &place) == 0) {
        return ::GetLastError() == ERROR_HANDLE_EOF ? FileTransfer{} : FileTransfer{.error_number = last_errno()};
    }
    return {.bytes = count};
}

int SystemFile::sync() const { return ::FlushFileBuffers(handle_of(native_)) != 0 ? 0 : last_errno(); }

int SystemFile::truncate(std::int64_t size_bytes) const {
    // What may only append may not cut.
    const Handle file(::ReOpenFile(handle_of(native_), GENERIC_WRITE, shared_with_all, 0));
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = size_bytes;
    const bool is_cut =
        file.is_valid() && ::SetFileInformationByHandle(file.get(), FileEndOfFileInfo, &end, sizeof end) != 0;
    return is_cut ? 0 : last_errno();
}

int SystemFile::lock() const {
    // Whoever asks whether it is locked holds it for a moment.
    constexpr int tries = 5;
    constexpr DWORD pause_ms = 10;
    for (int left = tries;; --left) {
        if (try_lock(handle_of(native_), LOCKFILE_EXCLUSIVE_LOCK)) return 0;
        const DWORD error = ::GetLastError();
        if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) return errno_of_windows(error);
        if (left == 1) return EAGAIN;
        ::Sleep(pause_ms);
    }
}

bool SystemFile::is_locked() const {
    // Shared, for two may ask at a time.
    if (!try_lock(handle_of(native_), 0)) {
        return ::GetLastError() == ERROR_LOCK_VIOLATION || ::GetLastError() == ERROR_IO_PENDING;
    }
    OVERLAPPED place = at(lock_offset);
    ::UnlockFileEx(handle_of(native_), 0, 1, 0, &place);
    return false;
}

bool is_out_of_room(int error_number) { return error_number == ENOSPC; }

int rename_entry(const fs::path& from, const fs::path& to) {
    return patiently([&] {
        return ::MoveFileExW(wide_path(from).c_str(), wide_path(to).c_str(),
                             MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
    });
}

int remove_entry(const fs::path& path) {
    return patiently([&] { return ::DeleteFileW(wide_path(path).c_str()) != 0; });
}

int remove_tree(const fs::path& path) {
    std::error_code problem;
    fs::remove_all(wide_path(path), problem);
    return errno_of_windows(static_cast<unsigned long>(problem.value()));
}

int make_one_folder(const fs::path& path) {
    if (::CreateDirectoryW(wide_path(path).c_str(), nullptr) != 0) return 0;
    const int error_number = last_errno();
    return error_number == ENOENT && is_below_a_file(path) ? ENOTDIR : error_number;
}

int sync_names(const fs::path& folder) {
    const Handle opened(::CreateFileW(wide_path(folder).c_str(), GENERIC_WRITE, shared_with_all, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    // NTFS journals names by itself, and rename_entry() writes through; who may not flush a folder loses nothing that is promised.
    if (opened.is_valid()) ::FlushFileBuffers(opened.get());
    return 0;
}

bool is_writable_folder(const fs::path& path) {
    // Rights follow from lists and groups: only the attempt tells.
    const fs::path probe = path / (".passbench-" + std::to_string(::GetCurrentProcessId()));
    const Handle file(::CreateFileW(wide_path(probe).c_str(), GENERIC_WRITE, shared_with_all, nullptr, CREATE_ALWAYS,
                                    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr));
    return file.is_valid();
}

MadeFolder make_private_folder(const fs::path& parent, const std::string& name_begin) {
    constexpr int tries = 100;
    std::uint64_t number = (static_cast<std::uint64_t>(::GetCurrentProcessId()) << 32U) ^ ::GetTickCount64();
    int error_number = EEXIST;
    for (int left = tries; left > 0 && error_number == EEXIST; --left) {
        number = number * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
        const fs::path path = parent / (name_begin + std::to_string(number >> 40U));
        error_number = make_one_folder(path);
        if (error_number == 0) return {.path = path};
    }
    return {.error_number = error_number};
}

bool is_own_folder(const fs::path& path) {
    const DWORD attributes = ::GetFileAttributesW(wide_path(path).c_str());
    constexpr DWORD kinds = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & kinds) == FILE_ATTRIBUTE_DIRECTORY;
}

}  // namespace passbench
