// The name of a lease on a machine that ssh reaches, as it stands in a journal: all that is needed to reach it again from that name
// alone, after a crash. `ssh.gpu://lab@t4-box:2222?identity=%2Fhome%2Flab%2Fkey&sharing=no`
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/scenario/ssh_settings.hpp"
#include "host/providers/cards.hpp"

namespace passbench {

struct SshLease {
    SshSettings settings;
    PreparedCards cards = PreparedCards::untouched;
};

/// Paths are made absolute, "~/" is the home of who runs this: the name means the same from every folder.
[[nodiscard]] std::string to_string(const SshLease& lease);
[[nodiscard]] bool is_ssh_lease(std::string_view name);
/// Error `usage` for what to_string() does not write, and for settings that cannot be.
[[nodiscard]] Result<SshLease> parse_ssh_lease(std::string_view name);

}  // namespace passbench
