#include <filesystem>
#include <system_error>
#include <windows.h>

#include "harness/core/check_startable.hpp"
#include "harness/core/windows_error.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

Error cannot_start(const std::string& path, std::string why, std::string fix) {
    return {.code = ErrorCode::agent_lost,
            .what = "cannot start " + fs::path(path).filename().string() + ": " + std::move(why),
            .where = path,
            .fix = std::move(fix)};
}

}  // namespace

Result<void> check_startable(const std::string& path) {
    const DWORD attributes = ::GetFileAttributesW(wide_path(fs::path(path)).c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        return fail(cannot_start(path, "there is no such file", "Give the path where it is, with its .exe."));
    }
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        return fail(cannot_start(path, "it is a folder", "Give the path of the program in it."));
    }
    return {};
}

Error start_error(const std::string& path, int error_number) {
    if (auto startable = check_startable(path); !startable) return startable.error();
    const auto error = static_cast<DWORD>(error_number);
    switch (error) {
        case ERROR_BAD_EXE_FORMAT:
        case ERROR_EXE_MACHINE_TYPE_MISMATCH:
            return cannot_start(path, "it is no program for this Windows, or it is damaged",
                                "Give the path of a 64-bit Windows program, or copy it again.");
        case ERROR_ACCESS_DENIED:
            return cannot_start(
                path, "Windows does not allow to run it",
                "Check its permissions, and whether a virus scanner or a policy (AppLocker) blocks it.");
        case ERROR_FILENAME_EXCED_RANGE:
            return cannot_start(path, "its path or its arguments are too long", "Use shorter paths.");
        default:
            return cannot_start(path, windows_error_text(error), "Check the file, then try again.");
    }
}

}  // namespace passbench
