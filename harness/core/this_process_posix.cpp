#include <cstdlib>
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

std::string program_file_name(const std::string& name) { return name; }

std::filesystem::path temporary_folder() {
    const auto chosen = environment_variable("TMPDIR");
    return chosen && !chosen->empty() ? *chosen : "/tmp";
}

}  // namespace passbench
