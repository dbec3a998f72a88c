// `passbench-agent load`: one process of a load (Load of the catalogue), on one CPU, until its standard input closes or it is killed.
// It says "ready" once it has done its first piece of work, or how it failed as the event of a trial that failed.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "guest/agent/agent.hpp"

namespace passbench {

inline constexpr std::string_view load_ready = "ready";

struct LoadCommand {
    std::filesystem::path request;
    std::size_t index = 0;      // of the trial whose load it is
    int cpu = 0;                // that the process keeps to
    std::optional<int> parent;  // dies with it
};
/// From the arguments after `load`. Error `usage`.
[[nodiscard]] Result<LoadCommand> parse_load_command(const std::vector<std::string>& arguments);

[[nodiscard]] AgentExit run_load_command(const LoadCommand& command, std::span<const WorkloadForm> forms);

}  // namespace passbench
