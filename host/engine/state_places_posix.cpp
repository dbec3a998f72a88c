#include "harness/core/durable_files.hpp"
#include "harness/core/this_process.hpp"
#include "host/engine/state_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name) { return environment_variable(name).value_or(""); }

fs::path user_state_folder() {
    // A relative XDG_STATE_HOME is to be ignored (XDG Base Directory Specification).
    if (const fs::path home = from_environment("XDG_STATE_HOME"); home.is_absolute()) return home / "passbench";
    if (const fs::path home = from_environment("HOME"); home.is_absolute()) return home / ".local/state/passbench";
    return {};
}

}  // namespace

const std::string_view privileged_user = "root";

StatePlaces state_places() {
    return {
        .chosen = from_environment("PASSBENCH_STATE"), .machine = "/var/lib/passbench", .user = user_state_folder()};
}

// Below /var/lib nobody else can make it first.
Result<void> make_machine_folder(const fs::path& folder) { return make_folder(folder); }

}  // namespace passbench
