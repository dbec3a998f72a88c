// `passbench-agent get` and `set`: what a lease sets in a guest for the time of a run. Today that is of cards alone (CardSettings).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "guest/agent/agent.hpp"
#include "harness/core/result.hpp"

namespace passbench {

struct SettingsCommand {
    std::string property;       // "clocks", "persistence"; empty for all, of `get` alone
    std::string value;          // empty: get
    std::string card;           // a UUID; empty: every card of the machine
    std::string stand_in;       // the NVML of a simulated device; empty: this machine's
    std::filesystem::path out;  // where the answer goes as a document like host.json; empty: to the output, in words
};

/// From the arguments after `get`. Error `usage`.
[[nodiscard]] Result<SettingsCommand> parse_get_command(const std::vector<std::string>& arguments);
/// From the arguments after `set`. Error `usage`.
[[nodiscard]] Result<SettingsCommand> parse_set_command(const std::vector<std::string>& arguments);

/// What could not be done is in the document too: resource "gpu", with why, fix and code.
[[nodiscard]] AgentExit run_settings_command(const SettingsCommand& command);

}  // namespace passbench
