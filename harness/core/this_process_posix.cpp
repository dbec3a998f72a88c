#include <array>
#include <cstdlib>
#include <pwd.h>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "harness/core/this_process.hpp"

namespace passbench {

std::int64_t process_number() { return ::getpid(); }

std::filesystem::path running_program() {
    std::error_code unknown;
    return std::filesystem::read_symlink("/proc/self/exe", unknown);
}

std::optional<std::string> environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> command_line_words(int argc, char** argv) { return {argv, argv + argc}; }

std::string user_name() {
    std::array<char, 4096> text{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr) {
        return std::to_string(::geteuid());
    }
    return found->pw_name;
}

std::filesystem::path home_folder() { return environment_variable("HOME").value_or(""); }

std::filesystem::path program_on_path(const std::string& name) {
    const std::string path = environment_variable("PATH").value_or("/usr/bin:/bin");
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t end = rest.find(':');
        const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, end)) / name;
        if (candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    return {};
}

MachineSize machine_size() {
    const std::int64_t page_bytes = ::sysconf(_SC_PAGESIZE);
    return {.cpus = ::sysconf(_SC_NPROCESSORS_ONLN), .memory_bytes = ::sysconf(_SC_PHYS_PAGES) * page_bytes};
}

void use_plain_streams() {}

std::string program_file_name(const std::string& name) { return name; }

std::filesystem::path temporary_folder() {
    const auto chosen = environment_variable("TMPDIR");
    return chosen && !chosen->empty() ? *chosen : "/tmp";
}

}  // namespace passbench
