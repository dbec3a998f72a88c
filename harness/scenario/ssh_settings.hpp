// How an arm's machine is reached by OpenSSH: the keys address, user, port ... of [arm.NAME] in a lab file. What may stand in them is
// decided here, for they also come back from journals.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

/// The address of a VM that its host knows: Hyper-V tells what the guest's integration services say.
inline constexpr std::string_view told_by_host = "told-by-host";

struct SshSettings {
    std::string address;             // a host name, an address, or a name of the client's own configuration
    std::string user = {};           // "": whom the client's configuration says
    int port = 0;                    // 0: the client's own, mostly 22
    std::string identity = {};       // path of a private key; "": the client's own, and its key agent
    std::string known_hosts = {};    // path of the file of host keys; "": the client's own
    bool connection_sharing = true;  // one connection for all commands of a run
    std::vector<std::string> proxy_command = {};  // what is started in place of a connection; empty: none
    std::string store = {};  // folder in the guest for what is brought once; "": passbench in its cache folder

    bool operator==(const SshSettings&) const = default;
};

/// Why this cannot be the address of a machine; "" where it can. No option, no blank, nothing that a shell would take as its own.
[[nodiscard]] std::string why_no_address(std::string_view address);
/// The same for the name of a user.
[[nodiscard]] std::string why_no_user(std::string_view user);
/// The same for a path or an argument, which may hold anything but control characters (a key pasted in place of its path has some).
[[nodiscard]] std::string why_no_line(std::string_view text);

/// Error `usage` naming the field that cannot be what it says.
[[nodiscard]] Result<void> check(const SshSettings& settings);

/// "lab@t4-box:2222", for messages and as the name of the machine in a survey.
[[nodiscard]] std::string to_string(const SshSettings& settings);

}  // namespace passbench
