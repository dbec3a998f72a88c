#include <cstdio>
#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <string_view>
#include <system_error>
#include <windows.h>

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

std::string user_name() { return environment_variable("USERNAME").value_or(""); }

std::filesystem::path home_folder() { return environment_variable("USERPROFILE").value_or(""); }

std::filesystem::path program_on_path(const std::string& name) {
    const std::string path = environment_variable("PATH").value_or("");
    std::string_view rest = path;
    std::error_code ignored;
    while (!rest.empty()) {
        const std::size_t end = rest.find(';');
        const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, end)) / program_file_name(name);
        if (candidate.is_absolute() && std::filesystem::is_regular_file(candidate, ignored)) return candidate;
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    return {};
}

MachineSize machine_size() {
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    ::GlobalMemoryStatusEx(&memory);
    return {.cpus = static_cast<std::int64_t>(::GetActiveProcessorCount(ALL_PROCESSOR_GROUPS)),
            .memory_bytes = static_cast<std::int64_t>(memory.ullTotalPhys)};
}

void use_plain_streams() {
    for (std::FILE* stream : {stdin, stdout, stderr}) ::_setmode(::_fileno(stream), _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
}

std::string program_file_name(const std::string& name) { return name + ".exe"; }

std::filesystem::path temporary_folder() {
    std::error_code unknown;
    return std::filesystem::temp_directory_path(unknown);
}

}  // namespace passbench
