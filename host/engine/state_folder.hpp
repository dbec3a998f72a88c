// Where the engine keeps what must outlive a crash: host.lock, journals/, quarantine.json. One folder a machine, so that two
// controllers meet; a user without rights to it may have one of his own, for runs that change nothing of the host.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

enum class HostUse { changes_nothing, changes_host };

/// The places in question; an empty path is none.
struct StatePlaces {
    std::filesystem::path chosen;   // PASSBENCH_STATE: this and no other
    std::filesystem::path machine;  // /var/lib/passbench, %ProgramData%\passbench
    std::filesystem::path user;     // $XDG_STATE_HOME/passbench or ~/.local/state/passbench, %LOCALAPPDATA%\passbench
};

/// The places as this process's environment gives them.
[[nodiscard]] StatePlaces state_places();

/// Who may write the machine's: "root", "an administrator".
extern const std::string_view privileged_user;

/// Makes the machine's folder when absent, on Windows for administrators and the system alone to write. Error `precondition` where
/// somebody else made it first: what lies in it says what a privileged user puts back. `io` where it cannot be made.
[[nodiscard]] Result<void> make_machine_folder(const std::filesystem::path& folder);

/// The folder for a lease of this use, made when absent. Error `precondition` where the host would be changed and the
/// machine's folder cannot be written; `io` where a chosen folder cannot.
[[nodiscard]] Result<std::filesystem::path> state_folder(HostUse use, const StatePlaces& places = state_places());

/// The folders that exist, for `doctor` and `release`: what was left may lie in any of them.
[[nodiscard]] std::vector<std::filesystem::path> existing_state_folders(const StatePlaces& places = state_places());

}  // namespace passbench
