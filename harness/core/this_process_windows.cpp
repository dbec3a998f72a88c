#include <system_error>
#include <windows.h>

#include <shellapi.h>

#include "harness/core/this_process.hpp"
#include "harness/core/windows_error.hpp"

namespace passbench {
namespace {

// What no path and no variable of Windows exceeds, in characters.
constexpr DWORD longest_text = 32'768;

}  // namespace

std::int64_t process_number() { return ::GetCurrentProcessId(); }

std::filesystem::path running_program() {
    std::wstring path(longest_text, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), longest_text));
    return path;
}

std::optional<std::string> environment_variable(const char* name) {
    std::wstring value(longest_text, L'\0');
    ::SetLastError(ERROR_SUCCESS);
    value.resize(::GetEnvironmentVariableW(wide_of_utf8(name).c_str(), value.data(), longest_text));
    if (value.empty() && ::GetLastError() == ERROR_ENVVAR_NOT_FOUND) return std::nullopt;
    return utf8_of_wide(value);
}

std::vector<std::string> command_line_words(int argc, char** argv) {
    // What main() was given has lost the letters that the machine's code page does not have.
    int count = 0;
    wchar_t** wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    if (wide == nullptr) return {argv, argv + argc};
    std::vector<std::string> words;
    for (int index = 0; index < count; ++index) words.push_back(utf8_of_wide(wide[index]));
    ::LocalFree(wide);
    return words;
}

std::string program_file_name(const std::string& name) { return name + ".exe"; }

std::filesystem::path temporary_folder() {
    std::error_code unknown;
    return std::filesystem::temp_directory_path(unknown);
}

}  // namespace passbench
