// What a process asks the operating system about itself. All text is UTF-8, on Windows too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace passbench {

[[nodiscard]] std::int64_t process_number();
/// The file of the running program.
[[nodiscard]] std::filesystem::path running_program();
/// A variable of the environment; nothing where it is not set.
[[nodiscard]] std::optional<std::string> environment_variable(const char* name);
/// The words of the command line, the program's own name first; `argc` and `argv` as main() has them.
[[nodiscard]] std::vector<std::string> command_line_words(int argc, char** argv);
/// The account that it runs under.
[[nodiscard]] std::string user_name();
/// That account's own folder; empty where it has none.
[[nodiscard]] std::filesystem::path home_folder();
/// The program of this name on PATH; empty where there is none.
[[nodiscard]] std::filesystem::path program_on_path(const std::string& name);
struct MachineSize {
    std::int64_t cpus = 0;  // logical ones that are in use
    std::int64_t memory_bytes = 0;
};
/// Of the machine that it runs on.
[[nodiscard]] MachineSize machine_size();

/// Makes the standard streams carry bytes as they are, and a console show them as UTF-8. Once, before anything is printed.
void use_plain_streams();
/// A program's file name as this system has it: NAME, or NAME.exe.
[[nodiscard]] std::string program_file_name(const std::string& name);
/// Where programs leave what is of use for their own time only: TMPDIR or /tmp; on Windows TMP or TEMP.
[[nodiscard]] std::filesystem::path temporary_folder();

}  // namespace passbench
