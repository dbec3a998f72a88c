#include "harness/core/windows_error.hpp"

#include <cerrno>
#include <system_error>
#include <windows.h>

namespace passbench {
namespace {

// MAX_PATH with its zero, less the 12 characters that a folder's path must leave for a short file name.
constexpr std::size_t longest_plain_path = MAX_PATH - 13;
// Of winerror.h, which mingw-w64's lacks.
constexpr unsigned long elevation_required = 740;
constexpr unsigned long disk_quota_exceeded = 1295;
constexpr std::wstring_view of_any_length = L"\\\\?\\";

}  // namespace

int errno_of_windows(unsigned long error) {
    switch (error) {
        case ERROR_SUCCESS:
            return 0;
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_DRIVE:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
            return ENOENT;
        case ERROR_ACCESS_DENIED:
        case ERROR_PRIVILEGE_NOT_HELD:
        case elevation_required:
            return EACCES;
        case ERROR_SHARING_VIOLATION:
            return EBUSY;
        case ERROR_LOCK_VIOLATION:
        case ERROR_IO_PENDING:
            return EAGAIN;
        case ERROR_WRITE_PROTECT:
            return EROFS;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case disk_quota_exceeded:
            return ENOSPC;
        case ERROR_TOO_MANY_OPEN_FILES:
            return EMFILE;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS:
            return EEXIST;
        case ERROR_DIRECTORY:
            return ENOTDIR;
        case ERROR_DIR_NOT_EMPTY:
            return ENOTEMPTY;
        case ERROR_FILENAME_EXCED_RANGE:
            return ENAMETOOLONG;
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
        case ERROR_COMMITMENT_LIMIT:
            return ENOMEM;
        case ERROR_BAD_EXE_FORMAT:
        case ERROR_EXE_MACHINE_TYPE_MISMATCH:
            return ENOEXEC;
        case ERROR_BROKEN_PIPE:
        case ERROR_NO_DATA:
            return EPIPE;
        case ERROR_INVALID_PARAMETER:
            return EINVAL;
        default:
            return EIO;
    }
}

std::string windows_error_text(unsigned long error) {
    wchar_t* words = nullptr;
    const DWORD length =
        ::FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                         nullptr, error, 0, reinterpret_cast<wchar_t*>(&words), 0, nullptr);
    std::string text = utf8_of_wide({words, length});
    ::LocalFree(words);
    text.erase(text.find_last_not_of(" \r\n.") + 1);
    const std::string number = "error " + std::to_string(error);
    return text.empty() ? number : text + " (" + number + ")";
}

std::wstring wide_of_utf8(std::string_view text) {
    const int size = static_cast<int>(text.size());
    std::wstring wide(static_cast<std::size_t>(::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0)),
                      L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, wide.data(), static_cast<int>(wide.size()));
    return wide;
}

std::string utf8_of_wide(std::wstring_view text) {
    const int size = static_cast<int>(text.size());
    const int needed = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(needed), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, narrow.data(), needed, nullptr, nullptr);
    return narrow;
}

std::wstring wide_path(const std::filesystem::path& path) {
    std::filesystem::path preferred = path;
    preferred.make_preferred();
    std::wstring plain = preferred.wstring();
    if (plain.size() < longest_plain_path || plain.starts_with(of_any_length)) return plain;
    // libstdc++ takes the server of a share for a folder.
    if (plain.starts_with(L"\\\\")) return std::wstring(of_any_length) + L"UNC" + plain.substr(1);
    std::error_code unknown;
    const std::wstring whole =
        std::filesystem::absolute(preferred, unknown).lexically_normal().make_preferred().wstring();
    return unknown ? plain : std::wstring(of_any_length) + whole;
}

}  // namespace passbench
