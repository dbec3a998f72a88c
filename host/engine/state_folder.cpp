#include "host/engine/state_folder.hpp"

#include <system_error>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/core/system_file.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

Error not_writable(const fs::path& folder) {
    return {
        .code = ErrorCode::precondition,
        .what = "the folder that remembers what was changed on this host cannot be written, so nothing may be changed",
        .where = folder.string(),
        .fix = "Run as " + std::string(privileged_user) +
               ", or leave [prepare] out of lab.toml, or set PASSBENCH_STATE to a folder that you may write "
               "to."};
}

}  // namespace

Result<fs::path> state_folder(HostUse use, const StatePlaces& places) {
    if (!places.chosen.empty()) {
        PASSBENCH_CHECK(make_folder(places.chosen));
        if (!is_writable_folder(places.chosen)) return fail(not_writable(places.chosen));
        return places.chosen;
    }
    const Result<void> made = make_machine_folder(places.machine);
    if (made && is_writable_folder(places.machine)) return places.machine;
    if (use == HostUse::changes_host || places.user.empty()) {
        const bool is_suspect = !made && made.error().code == ErrorCode::precondition;
        return fail(is_suspect ? made.error() : not_writable(places.machine));
    }
    PASSBENCH_CHECK(make_folder(places.user));
    return places.user;
}

std::vector<fs::path> existing_state_folders(const StatePlaces& places) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    const std::vector<fs::path> candidates =
        places.chosen.empty() ? std::vector{places.machine, places.user} : std::vector{places.chosen};
    for (const fs::path& folder : candidates) {
        if (!folder.empty() && fs::is_directory(folder, ignored)) folders.push_back(folder);
    }
    return folders;
}

}  // namespace passbench
