// What the OpenSSH client means when it gives up: from its own log, never from what the other side prints. Internal to this room.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/error.hpp"
#include "harness/scenario/ssh_settings.hpp"
#include "host/carriers/carrier.hpp"

namespace passbench {

/// The client ended with 255 and this log. `output`: what came from the guest until then; shown where the log says nothing.
[[nodiscard]] Error ssh_trouble(const SshSettings& settings, std::string_view log, std::string_view output);

/// `what` could not be written in the guest, for the reason in the output's last line.
[[nodiscard]] Error not_written_in_guest(const SshSettings& settings, const std::string& what, std::string_view output);

/// The machine let us in and did not do what it was told.
[[nodiscard]] Error no_commands(const SshSettings& settings, const ExecResult& ended);

/// The last line that is not empty, as it can be shown.
[[nodiscard]] std::string last_words(std::string_view text);

}  // namespace passbench
