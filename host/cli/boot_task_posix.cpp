#include <system_error>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "host/cli/boot_task.hpp"
#include "host/cli/systemd_unit.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view unit_name = "passbench-release.service";
const fs::path system_units = "/etc/systemd/system";

fs::path unit_file(const fs::path& units) { return units / unit_name; }
/// What is in here is started with the system.
fs::path enabling_link(const fs::path& units) { return units / "multi-user.target.wants" / unit_name; }

/// What systemd expands, unless it stands twice: specifiers everywhere, variables in a command line alone.
constexpr std::string_view expanded_in_assignment = "%";
constexpr std::string_view expanded_in_command = "%$";

/// A word that systemd reads as this text.
std::string unit_word(std::string_view text, std::string_view expanded) {
    std::string word = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') word += '\\';
        if (expanded.find(character) != std::string_view::npos) word += character;
        word += character;
    }
    return word + '"';
}

Error not_made(const fs::path& what, const std::error_code& why) {
    return {.code = ErrorCode::io,
            .what = "the link that enables the unit cannot be made: " + why.message(),
            .where = what.string(),
            .fix = "Run it as root, on a file system that can be written."};
}

Result<void> check_for_systemd() {
    std::error_code unknown;
    if (fs::is_directory("/run/systemd/system", unknown)) return {};
    return fail({.code = ErrorCode::unsupported,
                 .what = "this machine was not started by systemd",
                 .where = "/run/systemd/system",
                 .fix = "Have its own way of starting things run `passbench release` as root at each start."});
}

}  // namespace

std::string unit_text(const BootTask& task) {
    std::string text =
        "[Unit]\n"
        "Description=Gives back what an unfinished run of passbench left changed on this machine\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n";
    if (task.state_folder) {
        text +=
            fmt::format("Environment={}\n", unit_word("PASSBENCH_STATE=" + *task.state_folder, expanded_in_assignment));
    }
    return text + fmt::format("ExecStart={} release\n\n[Install]\nWantedBy=multi-user.target\n",
                              unit_word(task.program.string(), expanded_in_command));
}

Result<fs::path> install_unit(const fs::path& units, const BootTask& task) {
    PASSBENCH_CHECK(replace_file(unit_file(units), unit_text(task)));
    const fs::path link = enabling_link(units);
    PASSBENCH_CHECK(make_folder(link.parent_path()));
    std::error_code error;
    fs::remove(link, error);
    fs::create_symlink(unit_file(units), link, error);
    if (error) return fail(not_made(link, error));
    return unit_file(units);
}

Result<fs::path> remove_unit(const fs::path& units) {
    PASSBENCH_CHECK(remove_file(enabling_link(units)));
    PASSBENCH_CHECK(remove_file(unit_file(units)));
    return unit_file(units);
}

Result<std::string> install_boot_task(const BootTask& task) {
    PASSBENCH_CHECK(check_for_systemd());
    PASSBENCH_TRY(const fs::path unit, install_unit(system_units, task));
    return "the unit " + unit.string();
}

Result<std::string> remove_boot_task() {
    PASSBENCH_TRY(const fs::path unit, remove_unit(system_units));
    return "the unit " + unit.string();
}

}  // namespace passbench
