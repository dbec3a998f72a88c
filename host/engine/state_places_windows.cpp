#include "harness/core/this_process.hpp"
#include "host/engine/state_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name) { return environment_variable(name).value_or(""); }

fs::path below(const fs::path& folder) { return folder.is_absolute() ? folder / "passbench" : fs::path(); }

}  // namespace

const std::string_view privileged_user = "an administrator";

StatePlaces state_places() {
    return {.chosen = from_environment("PASSBENCH_STATE"),
            .machine = below(from_environment("ProgramData")),
            .user = below(from_environment("LOCALAPPDATA"))};
}

}  // namespace passbench
